-- Counts of several copies: each is a field of the key's hash, which keeps the most that it was told.
-- KEYS tallies; ARGV of each copy, total, milliseconds to keep it for. Answers of each what all copies have.
local answers = {}
for index, key in ipairs(KEYS) do
  local at = 3 * index - 2
  local copy, total = ARGV[at], tonumber(ARGV[at + 1])
  if total > tonumber(redis.call('HGET', key, copy) or 0) then
    -- Removed first, so that it is kept however full Redis is: a script's first write is refused for want of memory, unless it removes, and no later one is.
    redis.call('HDEL', key, copy)
    redis.call('HSET', key, copy, string.format('%.0f', total))
    redis.call('PEXPIRE', key, ARGV[at + 2])
  end
  local sum = 0
  for _, counted in ipairs(redis.call('HVALS', key)) do
    sum = sum + tonumber(counted)
  end
  answers[index] = sum
end
return answers
