-- Marks entries as appended to webhook.deliveries, also those whose claim has run out meanwhile.
-- KEYS cursor waiting claimed handed entries; ARGV incarnation offset; then id, offset, handed over at ...
local marked = 0
for at = 3, #ARGV, 3 do
  local id = ARGV[at]
  local value = redis.call('HGET', KEYS[5], id)
  if value and string.match(value, '^%d+') == ARGV[at + 1] then
    redis.call('ZREM', KEYS[2], id)
    redis.call('ZREM', KEYS[3], id)
    redis.call('ZADD', KEYS[4], 'GT', ARGV[at + 2], id)
    marked = marked + 1
  end
end
return { 'ok', marked }
