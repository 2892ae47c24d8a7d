-- Drops everything of a partition and begins again. What is dropped is freed in the background.
-- KEYS cursor, all others of the partition, and the totals, of which this one's part is gone; ARGV incarnation offset now
redis.call('UNLINK', unpack(KEYS))
redis.call('HSET', KEYS[1], 'incarnation', ARGV[1], 'offset', ARGV[2], 'appliedAtMs', ARGV[3])
return { 'ok' }
