-- KEYS entries queue; ARGV now, done until, max keys; then digest, token, what is answered ... Answers how many were dropped.
local now = tonumber(ARGV[1])
local values = held(4, 3)
local finished = {}
for at = 4, #ARGV, 3 do
  local value = values[(at - 4) / 3 + 1]
  local state, till, since, token
  if value then
    state, till, since, token = read(value)
  end
  if finished[ARGV[at]] then
    -- The first of them is what the others would find.
  elseif not value or till <= now then
    finished[ARGV[at]] = true
    add(ARGV[at], 'D', ARGV[2], ARGV[1], ARGV[at + 2])
  elseif state == 'P' and token == ARGV[at + 1] then
    finished[ARGV[at]] = true
    set(ARGV[at], 'D', ARGV[2], since, ARGV[at + 2])
  end
end
return make_room(#values, now, tonumber(ARGV[3]), write())
