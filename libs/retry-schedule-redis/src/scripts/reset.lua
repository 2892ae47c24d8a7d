-- Drops everything of a partition and begins again. What is dropped is freed in the background.
-- KEYS cursor, and all others of the partition; ARGV incarnation offset now
redis.call('UNLINK', unpack(KEYS))
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'offset', ARGV[2], 'appliedAtMs', ARGV[3])
return { 'ok' }
