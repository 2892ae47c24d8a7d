-- KEYS the usage of every partition; ARGV a field of it. Answers deliveries, bytes.
local deliveries, bytes = 0, 0
for _, key in ipairs(KEYS) do
  local value = redis.call('HGET', key, ARGV[1])
  if value then
    local some, size = string.match(value, '^(%d+) (%d+)$')
    deliveries = deliveries + tonumber(some)
    bytes = bytes + tonumber(size)
  end
end
return { deliveries, bytes }
