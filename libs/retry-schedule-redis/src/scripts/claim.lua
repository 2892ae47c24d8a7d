-- Takes due entries, earliest first.
-- KEYS cursor waiting claimed handed entries
-- ARGV incarnation offset; now, claimed until, limit, max bytes. Answers id, entry, id, entry ...
local waiting, claimed, entries = KEYS[2], KEYS[3], KEYS[5]
local limit, room = tonumber(ARGV[5]), tonumber(ARGV[6])
-- Entries are read in chunks, so that a call with little room doesn't read `limit` of them.
local CHUNK = 100

-- Claims that ran out wait again; at most `limit` a call, so that a call stays short.
local expired = redis.call('ZRANGEBYSCORE', claimed, '-inf', ARGV[3], 'LIMIT', 0, limit)
for _, id in ipairs(expired) do
  local due = string.match(redis.call('HGET', entries, id), '^%d+ %d+ (%d+)')
  redis.call('ZREM', claimed, id)
  redis.call('ZADD', waiting, due, id)
end

local taken = { 'ok' }
local ids = redis.call('ZRANGEBYSCORE', waiting, '-inf', ARGV[3], 'LIMIT', 0, limit)
for from = 1, #ids, CHUNK do
  local to = math.min(from + CHUNK - 1, #ids)
  local values = redis.call('HMGET', entries, unpack(ids, from, to))
  for index = from, to do
    local value = values[index - from + 1]
    room = room - tonumber(string.match(value, '^%d+ %d+ %d+ (%d+)'))
    if room < 0 and index > 1 then
      return taken
    end
    redis.call('ZREM', waiting, ids[index])
    redis.call('ZADD', claimed, ARGV[4], ids[index])
    taken[#taken + 1] = ids[index]
    taken[#taken + 1] = value
  end
end
return taken
