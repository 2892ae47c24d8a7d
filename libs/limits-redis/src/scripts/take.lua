-- Takes one from a sliding window. The list holds when each was taken, in order, of the window only: it never outgrows the limit.
-- KEYS takes; ARGV limit, window, now. Answers { allowed, remaining, retry after }.
local limit, window, now = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
-- At most so many leave in one call, which keeps it short; where any does there is room.
local LEAVE = 100

local function taken_at(index)
  local value = redis.call('LINDEX', KEYS[1], index)
  return value and tonumber(value)
end

for _ = 1, LEAVE do
  local oldest = taken_at(0)
  if not oldest or oldest > now - window then
    break
  end
  redis.call('LPOP', KEYS[1])
end

local used = redis.call('LLEN', KEYS[1])
if used >= limit then
  return { 0, 0, math.min(taken_at(used - limit) + window - now, window) }
end
-- A clock that is behind gives nothing away.
local latest = taken_at(-1)
redis.call('RPUSH', KEYS[1], string.format('%.0f', math.max(now, latest or now)))
redis.call('PEXPIRE', KEYS[1], window)
return { 1, limit - used - 1, 0 }
