-- KEYS session; ARGV 1 authorisation 2 value 3 idle 4 absolute end 5 now
-- A session that is over stays over, and one that knows more stays as it is.
local h = redis.call('HMGET', KEYS[1], 'a', 'l')
if not h[1] or tonumber(h[1]) >= tonumber(ARGV[1]) then
  return 0
end
redis.call('HSET', KEYS[1], 'a', ARGV[1], 'v', ARGV[2], 'i', ARGV[3], 'x', ARGV[4])
local now, seen, idle, absolute = tonumber(ARGV[5]), tonumber(h[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
redis.call('PEXPIRE', KEYS[1], math.max(1, math.min(idle - (now - seen), absolute - now)))
return 1
