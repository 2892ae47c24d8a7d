-- KEYS entries queue. Answers maxmemory (0: none), what is used of it, what the two keys take, in bytes, and how many are held.
local info = redis.call('INFO', 'memory')
local SAMPLES = 100
local taken = 0
for _, key in ipairs(KEYS) do
  taken = taken + (redis.call('MEMORY', 'USAGE', key, 'SAMPLES', SAMPLES) or 0)
end
return {
  tonumber(string.match(info, '\nmaxmemory:(%d+)')),
  tonumber(string.match(info, '\nused_memory:(%d+)')),
  taken,
  redis.call('HLEN', KEYS[1]),
}
