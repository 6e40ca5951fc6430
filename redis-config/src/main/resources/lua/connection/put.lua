-- Writes, replaces or removes the record of a connection and tells every instance.
-- KEYS: 1 version, 2 records
-- ARGV: 1 name, 2 record (empty removes), 3 channel, 4 "new" (only if there is none), "old" (only if there is one) or the record that it replaces,
--   5 a random word for this change
-- Returns: 1 if it was done, 0 if the record is not as expected
local before = redis.call('HGET', KEYS[2], ARGV[1])
if ARGV[4] == 'new' then
  if before then return 0 end
elseif ARGV[4] == 'old' then
  if not before then return 0 end
elseif before ~= ARGV[4] then
  return 0
end
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[2], ARGV[1])
else
  redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
end
redis.call('SET', KEYS[1], ARGV[5])
redis.pcall('PUBLISH', ARGV[3], ARGV[5])
return 1
