-- What changed since an epoch: up to ARGV[2] keys, in the order of their last change.
-- KEYS: 1 epoch, 2 changes, 3 records, 4 revocations, 5 history
-- ARGV: 1 the epoch that the reader knows, 2 the most keys to return, 3 the history that the reader knows
-- Returns: {history, epoch now, hash, epoch of change, record or '', revoked '1' or '0', hash, ...}; everything if histories differ
local since = ARGV[1]
local history = redis.call('GET', KEYS[5]) or ''
local epoch = redis.call('GET', KEYS[1]) or '0'
if history ~= ARGV[3] or tonumber(epoch) < tonumber(since) then
  since = '0'
end
local result = {history, epoch}
if since == epoch then
  return result
end
local changed = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. since, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
for i = 1, #changed, 2 do
  result[#result + 1] = changed[i]
  result[#result + 1] = changed[i + 1]
  result[#result + 1] = redis.call('HGET', KEYS[3], changed[i]) or ''
  result[#result + 1] = tostring(redis.call('HEXISTS', KEYS[4], changed[i]))
end
return result
