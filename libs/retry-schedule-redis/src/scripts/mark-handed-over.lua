-- Marks entries as appended to webhook.deliveries, also those whose claim has run out meanwhile.
-- ARGV ... then id, offset, handed over at ...
local marked, touched = 0, {}
for at = 3, #ARGV, 3 do
  local id = ARGV[at]
  local value = redis.call('HGET', entries, id)
  if value and string.match(value, '^%d+') == ARGV[at + 1] then
    if redis.call('ZREM', claimed, id) == 0 then
      local entry = parse(value)
      redis.call('ZREM', waiting, member_of(id, entry))
      redis.call('ZREM', excess, id)
      touched[entry.webhook] = true
    end
    redis.call('ZADD', handed, 'GT', ARGV[at + 2], id)
    marked = marked + 1
  end
end
refresh_all(touched)
return { 'ok', marked }
