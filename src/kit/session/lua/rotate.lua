-- KEYS session; ARGV 1 presented counter 2 now 3 grace
local h = redis.call('HMGET', KEYS[1], 'v', 'c', 'r', 'l', 'i', 'x', 'a', 's', 'u')
if not h[1] then
  return nil
end
local now, seen, idle, absolute = tonumber(ARGV[2]), tonumber(h[4]), tonumber(h[5]), tonumber(h[6])
if now >= absolute or now - seen >= idle then
  redis.call('DEL', KEYS[1])
  return nil
end
local behind = tonumber(h[2]) - tonumber(ARGV[1])
local verdict
if behind == 0 then
  verdict = 'advanced'
  h[2] = tostring(redis.call('HINCRBY', KEYS[1], 'c', 1))
  h[3] = ARGV[2]
  h[4] = ARGV[2]
  redis.call('HSET', KEYS[1], 'r', ARGV[2], 'l', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], math.min(idle, absolute - now))
elseif behind == 1 and now - tonumber(h[3]) <= tonumber(ARGV[3]) then
  verdict = 'repeated'
else
  verdict = 'reused'
  redis.call('DEL', KEYS[1])
  redis.call('HDEL', h[9], h[8])
end
return { verdict, { h[1], h[2], h[3], h[4], h[5], h[6], h[7] } }
