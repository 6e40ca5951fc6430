-- Gives back the lease of a call that has tried a provider again, if it still has it.
-- KEYS: 1 the lease
-- ARGV: 1 the call
-- Returns: 1 if it had it, else 0
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0
