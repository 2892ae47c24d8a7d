-- Reserves places. A key holds when its queue's next free place is, and goes when that is in the past for all, whose clocks differ a little.
-- KEYS queues; ARGV now; then of each queue count, interval, from. Answers of each when the first place is, as text, for it may be a fraction.
local now = tonumber(ARGV[1])
local CLOCK_SKEW = 1000
local answers = {}
for index, key in ipairs(KEYS) do
  local at = 3 * index - 1
  local count, interval, from = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local first = math.max(now, from, tonumber(redis.call('GET', key) or 0))
  if count > 0 then
    local next_free = first + count * interval
    -- Removed first, so that it is kept however full Redis is: a script's first write is refused for want of memory, unless it removes, and no later one is.
    redis.call('DEL', key)
    redis.call('SET', key, string.format('%.17g', next_free), 'PX', string.format('%.0f', math.ceil(next_free - now) + CLOCK_SKEW))
  end
  answers[index] = string.format('%.17g', first)
end
return answers
