-- Lets a call of an account through, if its pace allows it. All times are Redis' own.
-- KEYS: the account's rates (hash), its leases (sorted set: lease to the end of its time), who waits for a place (sorted set: instance to
--   when it has asked last), who had one (sorted set: instance to when)
-- ARGV: milliseconds between calls, calls at once, milliseconds of the gap, calls at a time, lease (instance:number), milliseconds of a lease,
--   1 if the call waits for a place
-- Answers 0 if the call may go, else how many milliseconds it should wait before it asks again.
redis.replicate_commands()
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local interval, burst, gap, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local lasts = tonumber(ARGV[6])

-- a place that is free is for the instances among those that wait which have had one the longest time ago: who gives one back would else
-- always be the first to ask again
local me = string.match(ARGV[5], '^[^:]+')
if most > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', now)
  redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now - 250)
  local mine = tonumber(redis.call('ZSCORE', KEYS[4], me) or 0)
  local others, ahead = 0, 0
  for _, other in ipairs(redis.call('ZRANGE', KEYS[3], 0, -1)) do
    if other ~= me then
      others = others + 1
      if tonumber(redis.call('ZSCORE', KEYS[4], other) or 0) < mine then
        ahead = ahead + 1
      end
    end
  end
  if redis.call('ZCARD', KEYS[2]) + ahead >= most then
    if ARGV[7] == '1' then
      redis.call('ZADD', KEYS[3], now, me)
      redis.call('PEXPIRE', KEYS[3], 60000)
    end
    return others > 0 and 30 or 100
  end
end

-- the generic cell rate algorithm: when the account would be empty again if calls came evenly
local rates = redis.call('HMGET', KEYS[1], 'due', 'last')
local due = math.max(now, tonumber(rates[1] or 0))
local wait = 0
if interval > 0 then
  wait = math.max(wait, due - now - interval * (burst - 1))
end
if gap > 0 then
  wait = math.max(wait, tonumber(rates[2] or 0) + gap - now)
end
if wait > 0 then
  return math.ceil(wait)
end

if interval > 0 or gap > 0 then
  redis.call('HSET', KEYS[1], 'due', due + interval, 'last', now)
  redis.call('PEXPIRE', KEYS[1], math.ceil(interval * (burst + 1) + gap + 60000))
end
if most > 0 then
  redis.call('ZADD', KEYS[2], now + lasts, ARGV[5])
  redis.call('PEXPIRE', KEYS[2], lasts + 60000)
  redis.call('ZREM', KEYS[3], me)
  redis.call('ZREMRANGEBYSCORE', KEYS[4], '-inf', now - 60000)
  redis.call('ZADD', KEYS[4], now, me)
  redis.call('PEXPIRE', KEYS[4], 60000)
end
return 0
