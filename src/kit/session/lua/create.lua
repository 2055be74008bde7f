-- KEYS session, index of the account
-- ARGV 1 value 2 counter 3 rotated 4 last seen 5 idle 6 absolute end 7 authorisation 8 session id 9 parallel
-- Session ids rise with time, so the smallest is the oldest.
local ids = redis.call('HKEYS', KEYS[2])
local live = {}
for _, id in ipairs(ids) do
  local key = redis.call('HGET', KEYS[2], id)
  if redis.call('EXISTS', key) == 1 then
    live[#live + 1] = id
  else
    redis.call('HDEL', KEYS[2], id)
  end
end
table.sort(live)
local evicted = {}
for n = 1, #live + 1 - tonumber(ARGV[9]) do
  redis.call('DEL', redis.call('HGET', KEYS[2], live[n]))
  redis.call('HDEL', KEYS[2], live[n])
  evicted[#evicted + 1] = live[n]
end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'c', ARGV[2], 'r', ARGV[3], 'l', ARGV[4], 'i', ARGV[5],
  'x', ARGV[6], 'a', ARGV[7], 's', ARGV[8], 'u', KEYS[2])
local left = tonumber(ARGV[6]) - tonumber(ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.min(tonumber(ARGV[5]), left))
redis.call('HSET', KEYS[2], ARGV[8], KEYS[1])
if redis.call('PTTL', KEYS[2]) < left then
  redis.call('PEXPIRE', KEYS[2], left)
end
return evicted
