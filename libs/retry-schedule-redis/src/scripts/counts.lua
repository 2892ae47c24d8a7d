-- Answers how many wait (not held), are held, excess, claimed, handed over, and when the earliest that waits is due ('' none).
local CHUNK = 100

local held_count = 0
for _, webhook in ipairs(redis.call('SMEMBERS', holds)) do
  held_count = held_count + redis.call('ZLEXCOUNT', waiting, '[' .. webhook .. '\0', '(' .. webhook .. '\1')
end

local oldest
for _, webhook in ipairs(redis.call('ZRANGE', line, 0, -1)) do
  local due = first_due(webhook)
  if not is_held(webhook) and (not oldest or due < oldest) then
    oldest = due
  end
end

local function first_upcoming()
  for from = 0, redis.call('ZCARD', upcoming) - 1, CHUNK do
    local some = redis.call('ZRANGE', upcoming, from, from + CHUNK - 1, 'WITHSCORES')
    for at = 1, #some, 2 do
      if not is_held(some[at]) then
        return tonumber(some[at + 1])
      end
    end
  end
  return nil
end

local first = first_upcoming()
if first and (not oldest or first < oldest) then
  oldest = first
end
return {
  redis.call('ZCARD', waiting) - held_count,
  held_count,
  redis.call('ZCARD', excess),
  redis.call('ZCARD', claimed),
  redis.call('ZCARD', handed),
  oldest and string.format('%.0f', oldest) or '',
}
