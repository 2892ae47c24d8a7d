-- Put before each script that names a cursor: the caller believes that the partition has incarnation ARGV[1] and offset ARGV[2].
-- Redis lets a script's first write fail for want of memory, never a later one: a script that removes before it adds always gets through.
local held = redis.call('HMGET', KEYS[1], 'incarnation', 'offset', 'appliedAtMs')
if held[1] ~= ARGV[1] or held[2] ~= ARGV[2] then
  if not held[1] then
    return { 'stale' }
  end
  return { 'stale', held[1], held[2], held[3] }
end

