-- Everything that rests, or has rested and is still counted.
-- KEYS: 1 records, 2 ends
-- Returns: "<ms that are left> <count> <reason> <subject>" for each
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local all = {}
local records = redis.call('HGETALL', KEYS[1])
for i = 1, #records, 2 do
  local ends = tonumber(redis.call('ZSCORE', KEYS[2], records[i]) or '0')
  all[#all + 1] = math.max(0, ends - now) .. ' ' .. records[i + 1] .. ' ' .. records[i]
end
return all
