-- Put before each script of the breakers, whose rule is that of libs/domain/src/breaker.ts, step by step.
-- KEYS breakers; ARGV now, window; ...
-- A key holds JSON: row (failures in a row), slices ({ number, succeeded, failed } ...), openings, kept (until when), and where there are: open (until),
-- token and probe (until).
local now, window = tonumber(ARGV[1]), tonumber(ARGV[2])

local function read(key)
  local value = redis.call('GET', key)
  local breaker = value and cjson.decode(value)
  if not breaker or breaker.kept <= now then
    return { row = 0, slices = {}, openings = 0 }
  end
  return breaker
end

-- Removed first, so that it is kept however full Redis is: a script's first write is refused for want of memory, unless it removes, and no later one is.
local function keep(key, breaker)
  breaker.kept = math.max(now, breaker.open or 0, breaker.probe or 0) + window
  redis.call('DEL', key)
  redis.call('SET', key, cjson.encode(breaker), 'PX', string.format('%.0f', breaker.kept - now))
end

local function is_half_open(breaker)
  return breaker.open and breaker.open <= now
end

local function add_state(answers, breaker)
  answers[#answers + 1] = breaker.open or 0
  answers[#answers + 1] = breaker.probe or 0
end

