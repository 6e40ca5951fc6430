-- Whether scripts may read what they read, and the time.
-- KEYS: 1 what is read
-- Returns: the time in seconds
redis.call('GET', KEYS[1])
return redis.call('TIME')[1]
