-- Drops everything of a partition and begins again.
-- KEYS cursor waiting claimed handed entries; ARGV incarnation offset now
redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5])
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'offset', ARGV[2], 'appliedAtMs', ARGV[3])
return { 'ok' }
