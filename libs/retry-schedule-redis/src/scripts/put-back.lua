-- Puts claimed or handed-over entries back to waiting, due now.
-- KEYS cursor waiting claimed handed entries; ARGV incarnation offset; now; then id, offset ...
local moved = 0
for at = 4, #ARGV, 2 do
  local id = ARGV[at]
  local value = redis.call('HGET', KEYS[5], id)
  if value and string.match(value, '^%d+') == ARGV[at + 1] then
    if redis.call('ZREM', KEYS[3], id) + redis.call('ZREM', KEYS[4], id) > 0 then
      local before, after = string.match(value, '^(%d+ %d+ )%d+(.*)$')
      redis.call('HSET', KEYS[5], id, before .. ARGV[3] .. after)
      redis.call('ZADD', KEYS[2], ARGV[3], id)
      moved = moved + 1
    end
  end
end
return { 'ok', moved }
