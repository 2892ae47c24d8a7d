-- Entries handed over below an offset of webhook.deliveries, lowest first, as id, offset ...
-- KEYS cursor waiting claimed handed entries; ARGV incarnation offset; committed, limit
local refs = { 'ok' }
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', '(' .. ARGV[3], 'LIMIT', 0, ARGV[4])) do
  refs[#refs + 1] = id
  refs[#refs + 1] = string.match(redis.call('HGET', KEYS[5], id), '^%d+')
end
return refs
