-- Prolongs the lease of a call that tries a provider again, if it still has it.
-- KEYS: 1 the lease
-- ARGV: 1 the call, 2 milliseconds from now
-- Returns: 1 if it has it, else 0
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
