-- Entries handed over below an offset of webhook.deliveries, lowest first, as id, offset ...
-- ARGV ... committed, limit
local refs = { 'ok' }
for _, id in ipairs(redis.call('ZRANGEBYSCORE', handed, '-inf', '(' .. ARGV[3], 'LIMIT', 0, ARGV[4])) do
  refs[#refs + 1] = id
  refs[#refs + 1] = string.match(redis.call('HGET', entries, id), '^%d+')
end
return refs
