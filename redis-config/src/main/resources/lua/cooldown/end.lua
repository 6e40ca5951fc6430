-- Ends a rest and forgets its count, because the subject works again.
-- KEYS: 1 records, 2 ends
-- ARGV: 1 subject, 2 channel
-- Returns: whether there was anything to end
local there = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
if there == 1 then
  redis.pcall('PUBLISH', ARGV[2], '0 0 - ' .. ARGV[1])
end
return there
