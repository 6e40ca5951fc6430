-- Lets something rest after a failure. While it rests already, nothing changes: many failures of one moment count once.
-- Where so much is remembered that everybody who asks for all of it would wait, no models are added, whose names clients choose.
-- KEYS: 1 records, 2 ends
-- ARGV: 1 subject, 2 first time in ms, 3 longest time in ms, 4 a time that was asked for in ms or -1, 5 reason, 6 channel,
--       7 how long a subject's count outlives its rest in ms, 8 how many rests in a row have the first time
-- Returns: the record, "<ms that are left> <count> <reason>"; the count is 0 if it was not added
redis.replicate_commands()
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local gone = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', now - ARGV[7], 'LIMIT', 0, 100)
if #gone > 0 then
  redis.call('ZREM', KEYS[2], unpack(gone))
  redis.call('HDEL', KEYS[1], unpack(gone))
end
local count = 0
local ends = tonumber(redis.call('ZSCORE', KEYS[2], ARGV[1]) or '0')
local record = redis.call('HGET', KEYS[1], ARGV[1])
if record then
  count = tonumber(string.match(record, '^(%d+) '))
  if ends > now then
    return (ends - now) .. ' ' .. record
  end
end
local rest = tonumber(ARGV[4])
if rest < 0 then
  local doublings = math.max(0, math.min(count - tonumber(ARGV[8]) + 1, 30))
  rest = math.min(tonumber(ARGV[2]) * 2 ^ doublings, tonumber(ARGV[3]))
end
rest = math.floor(rest)
if not record and string.find(ARGV[1], '/', 1, true) and redis.call('ZCARD', KEYS[2]) >= 10000 then
  return rest .. ' 0 ' .. ARGV[5]
end
record = (count + 1) .. ' ' .. ARGV[5]
redis.call('HSET', KEYS[1], ARGV[1], record)
redis.call('ZADD', KEYS[2], now + rest, ARGV[1])
local lifetime = math.floor(math.max(rest + ARGV[7], redis.call('PTTL', KEYS[1])))
redis.call('PEXPIRE', KEYS[1], lifetime)
redis.call('PEXPIRE', KEYS[2], lifetime)
redis.pcall('PUBLISH', ARGV[6], rest .. ' ' .. record .. ' ' .. ARGV[1])
return rest .. ' ' .. record
