-- Takes from sliding windows. A list holds when some were taken, in order, as `<time> <count> <total>`, of the window only; totals count from the
-- list's beginning, so that how many lie between two of its elements is a subtraction.
-- What adds is written before anything is removed, so that a Redis without memory refuses it always, and not by chance: the callers can go on by
-- themselves, and there are as many windows as addresses.
-- KEYS windows; ARGV now; then of each window limit, length, count. Answers of each granted, remaining, retry after.
local now = tonumber(ARGV[1])
-- A list is kept a little longer than its window: the callers' clocks differ.
local CLOCK_SKEW = 1000

local function read(key, index)
  local value = redis.call('LINDEX', key, index)
  if not value then
    return nil
  end
  local at, count, total = string.match(value, '^(%d+) (%d+) (%d+)$')
  return tonumber(at), tonumber(count), tonumber(total)
end

-- The first index below `length` for which `holds`, as it does for all behind it.
local function first_index(length, holds)
  local low, high = 0, length
  while low < high do
    local middle = math.floor((low + high) / 2)
    if holds(middle) then
      high = middle
    else
      low = middle + 1
    end
  end
  return low
end

-- How many of the list are not in the window any more, and the total before the first that is; nil: none is.
local function split(key, before)
  local at, count, total = read(key, 0)
  if not at then
    return 0, nil
  end
  local left = 0
  if at <= before then
    local length = redis.call('LLEN', key)
    left = first_index(length, function(index)
      return read(key, index) > before
    end)
    if left == length then
      return left, nil
    end
    at, count, total = read(key, left)
  end
  return left, total - count
end

local function add(key, window, granted, latest, count, total)
  -- A clock that is behind gives nothing away.
  local at = math.max(now, latest or now)
  if at == latest then
    redis.call('LSET', key, -1, string.format('%.0f %.0f %.0f', at, count + granted, total + granted))
  else
    redis.call('RPUSH', key, string.format('%.0f %.0f %.0f', at, granted, total + granted))
  end
  redis.call('PEXPIRE', key, string.format('%.0f', at + window - now + CLOCK_SKEW))
end

local function take(key, limit, window, wanted)
  local left, before = split(key, now - window)
  local latest, count, total = nil, nil, 0
  if before then
    latest, count, total = read(key, -1)
  else
    before = 0
  end
  local used = total - before
  local granted = math.max(0, math.min(wanted, limit - used))
  if granted > 0 then
    add(key, window, granted, latest, count, total)
    used = used + granted
  end
  if left > 0 then
    redis.call('LTRIM', key, left, -1)
  end
  local retry_after = 0
  if granted < wanted then
    -- One more is free when all but `limit - 1` have left.
    local to_leave = before + used - limit + 1
    local last = first_index(redis.call('LLEN', key), function(index)
      local _, _, through = read(key, index)
      return through >= to_leave
    end)
    retry_after = math.min(read(key, last) + window - now, window)
  end
  return granted, math.max(0, limit - used), retry_after
end

local answers = {}
for index, key in ipairs(KEYS) do
  local at = 3 * index - 1
  local granted, remaining, retry_after = take(key, tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]))
  answers[#answers + 1] = granted
  answers[#answers + 1] = remaining
  answers[#answers + 1] = retry_after
end
return answers
