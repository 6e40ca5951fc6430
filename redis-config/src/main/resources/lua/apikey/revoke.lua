-- Revokes an API key, whether its record is in Redis or declared elsewhere, and tells every instance.
-- KEYS: 1 epoch, 2 changes, 3 revocations, 4 history, 5 words
-- ARGV: 1 hash, 2 channel, 3 a random word for this change, 4 how many words are kept
-- Returns: the new epoch
redis.replicate_commands()
local now = redis.call('TIME')
redis.call('SETNX', KEYS[4], ARGV[3])
redis.call('HSETNX', KEYS[3], ARGV[1], now[1] * 1000 + math.floor(now[2] / 1000))
local epoch = redis.call('INCR', KEYS[1])
redis.call('ZADD', KEYS[2], epoch, ARGV[1])
redis.call('HSET', KEYS[5], epoch, ARGV[3])
redis.call('HDEL', KEYS[5], epoch - ARGV[4])
redis.pcall('PUBLISH', ARGV[2], epoch)
return epoch
