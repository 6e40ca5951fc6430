-- Creates API keys if none was ever made, and tells every instance.
-- KEYS: 1 epoch, 2 changes, 3 records, 4 history, 5 words
-- ARGV: 1 channel, 2 a random word for these changes, then for each key: its hash, its record
-- Returns: 1 if they were made, 0 if there were keys already
if redis.call('EXISTS', KEYS[3]) == 1 then
  return 0
end
redis.call('SETNX', KEYS[4], ARGV[2])
for i = 3, #ARGV, 2 do
  redis.call('HSET', KEYS[3], ARGV[i], ARGV[i + 1])
  local epoch = redis.call('INCR', KEYS[1])
  redis.call('ZADD', KEYS[2], epoch, ARGV[i])
  redis.call('HSET', KEYS[5], epoch, ARGV[2])
end
redis.pcall('PUBLISH', ARGV[1], redis.call('GET', KEYS[1]))
return 1
