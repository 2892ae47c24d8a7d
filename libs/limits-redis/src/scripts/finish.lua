-- KEYS entries queue; ARGV now, done until, max keys; then digest, token, what is answered ... Answers how many were dropped.
local now = tonumber(ARGV[1])
for at = 4, #ARGV, 3 do
  local value = redis.call('HGET', KEYS[1], ARGV[at])
  local state, till, since, token
  if value then
    state, till, since, token = read(value)
  end
  if not value or till <= now then
    add(ARGV[at], 'D', ARGV[2], ARGV[1], ARGV[at + 2])
  elseif state == 'P' and token == ARGV[at + 1] then
    redis.call('HSET', KEYS[1], ARGV[at], 'D' .. ARGV[2] .. '|' .. since .. '|' .. ARGV[at + 2])
  end
end
return make_room((#ARGV - 3) / 3, now, tonumber(ARGV[3]))
