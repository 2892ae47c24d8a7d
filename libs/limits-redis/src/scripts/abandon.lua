-- KEYS entries queue; ARGV digest, token ...
for at = 1, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[at])
  if value then
    local state, _, _, token = read(value)
    if state == 'P' and token == ARGV[at + 1] then
      redis.call('HDEL', KEYS[1], ARGV[at])
    end
  end
end
return 0
