-- KEYS entries queue; ARGV now, pending until, max keys; then digest, token ...
-- Answers how many were dropped, then index and value of each that was not claimed (no value: pending).
local now = tonumber(ARGV[1])
local answer = { 0 }
local values = held(4, 2)
local claimed = {}
for at = 4, #ARGV, 2 do
  local index = (at - 4) / 2
  local value = values[index + 1]
  local state, till, _, rest
  if value then
    state, till, _, rest = read(value)
  end
  if claimed[ARGV[at]] then
    answer[#answer + 1] = index
    answer[#answer + 1] = false
  elseif not value or till <= now then
    claimed[ARGV[at]] = true
    add(ARGV[at], 'P', ARGV[2], ARGV[1], ARGV[at + 1])
  else
    answer[#answer + 1] = index
    answer[#answer + 1] = state == 'D' and rest or false
  end
end
answer[1] = make_room(#values, now, tonumber(ARGV[3]), write())
return answer
