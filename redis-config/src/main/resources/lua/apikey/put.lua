-- Creates or replaces the record of an API key and tells every instance.
-- KEYS: 1 epoch, 2 changes, 3 records, 4 history, 5 words
-- ARGV: 1 hash, 2 record, 3 channel, 4 a random word for this change, 5 how many words are kept
-- Returns: the new epoch
redis.call('SETNX', KEYS[4], ARGV[4])
redis.call('HSET', KEYS[3], ARGV[1], ARGV[2])
local epoch = redis.call('INCR', KEYS[1])
redis.call('ZADD', KEYS[2], epoch, ARGV[1])
redis.call('HSET', KEYS[5], epoch, ARGV[4])
redis.call('HDEL', KEYS[5], epoch - ARGV[5])
redis.pcall('PUBLISH', ARGV[3], epoch)
return epoch
