-- KEYS entries queue; ARGV now, pending until, max keys; then digest, token ...
-- Answers how many were dropped, then index and value of each that was not claimed (no value: pending).
local now = tonumber(ARGV[1])
local answer = { 0 }
for at = 4, #ARGV, 2 do
  local value = redis.call('HGET', KEYS[1], ARGV[at])
  local state, till, _, rest
  if value then
    state, till, _, rest = read(value)
  end
  if not value or till <= now then
    add(ARGV[at], 'P', ARGV[2], ARGV[1], ARGV[at + 1])
  else
    answer[#answer + 1] = (at - 4) / 2
    answer[#answer + 1] = state == 'D' and rest or false
  end
end
answer[1] = make_room((#ARGV - 3) / 2, now, tonumber(ARGV[3]))
return answer
