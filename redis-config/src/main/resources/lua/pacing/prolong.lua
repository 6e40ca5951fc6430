-- Prolongs leases, those too that ran out or were never noted while Redis was away.
-- KEYS: the account's leases (sorted set: lease to the end of its time)
-- ARGV: milliseconds of a lease, then the leases
redis.replicate_commands()
local time = redis.call('TIME')
local ends = time[1] * 1000 + math.floor(time[2] / 1000) + tonumber(ARGV[1])
for i = 2, #ARGV do
  redis.call('ZADD', KEYS[1], ends, ARGV[i])
end
redis.call('PEXPIRE', KEYS[1], ARGV[1] + 60000)
return #ARGV - 1
