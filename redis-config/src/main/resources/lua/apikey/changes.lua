-- What changed since an epoch: up to ARGV[2] keys, in the order of their last change. A replica that takes over may lack the last changes
-- that a reader has seen, and count others in their place; so each change has a random word, and a reader whose word is not that of its
-- epoch begins anew.
-- KEYS: 1 epoch, 2 changes, 3 records, 4 revocations, 5 history, 6 words
-- ARGV: 1 the epoch that the reader knows, 2 the most keys to return, 3 the history that the reader knows, 4 the word of its epoch
-- Returns: {history, epoch reached, its word, more '1' or '0', anew '1' or '0', hash, record or '', revoked '1' or '0', hash, ...}
local since = ARGV[1]
local history = redis.call('GET', KEYS[5]) or ''
local epoch = redis.call('GET', KEYS[1]) or '0'
local anew = '0'
if history ~= ARGV[3] or tonumber(epoch) < tonumber(since) or (redis.call('HGET', KEYS[6], since) or '') ~= ARGV[4] then
  since = '0'
  anew = '1'
end
if since == epoch then
  return {history, epoch, redis.call('HGET', KEYS[6], epoch) or '', '0', anew}
end
local changed = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. since, '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local more = '0'
if #changed == 2 * ARGV[2] then
  epoch = changed[#changed]
  more = '1'
end
local result = {history, epoch, redis.call('HGET', KEYS[6], epoch) or '', more, anew}
for i = 1, #changed, 2 do
  result[#result + 1] = changed[i]
  result[#result + 1] = redis.call('HGET', KEYS[3], changed[i]) or ''
  result[#result + 1] = tostring(redis.call('HEXISTS', KEYS[4], changed[i]))
end
return result
