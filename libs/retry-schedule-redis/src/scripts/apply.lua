-- Applies changes, in order, and moves the cursor.
-- KEYS cursor waiting claimed handed entries
-- ARGV incarnation offset; next offset, now, percent of maxmemory that may be used; then the changes:
--   'wait' id attempt due entry | 'settled' id
local waiting, claimed, handed, entries = KEYS[2], KEYS[3], KEYS[4], KEYS[5]

local function is_full()
  local info = redis.call('INFO', 'memory')
  local limit = tonumber(string.match(info, '\nmaxmemory:(%d+)'))
  local used = tonumber(string.match(info, '\nused_memory:(%d+)'))
  return limit > 0 and used * 100 > limit * tonumber(ARGV[5])
end

-- What only removes makes room, so it is let through.
local adds = false
local at = 6
while ARGV[at] and not adds do
  adds = ARGV[at] == 'wait'
  at = at + 2
end
if adds and is_full() then
  return { 'full' }
end

at = 6
while ARGV[at] do
  local id = ARGV[at + 1]
  if ARGV[at] == 'wait' then
    local current = redis.call('HGET', entries, id)
    local attempt = current and tonumber(string.match(current, '^%d+ (%d+)'))
    if not current or tonumber(ARGV[at + 2]) >= attempt then
      if current then
        redis.call('ZREM', claimed, id)
        redis.call('ZREM', handed, id)
      end
      redis.call('HSET', entries, id, ARGV[at + 4])
      redis.call('ZADD', waiting, ARGV[at + 3], id)
    end
    at = at + 5
  else
    if redis.call('HDEL', entries, id) == 1 then
      redis.call('ZREM', waiting, id)
      redis.call('ZREM', claimed, id)
      redis.call('ZREM', handed, id)
    end
    at = at + 2
  end
end
redis.call('HSET', KEYS[1], 'offset', ARGV[3], 'appliedAtMs', ARGV[4])
return { 'ok' }
