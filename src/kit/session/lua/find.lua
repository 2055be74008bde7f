-- KEYS session; ARGV 1 now 2 touch interval
local h = redis.call('HMGET', KEYS[1], 'v', 'c', 'r', 'l', 'i', 'x', 'a')
if not h[1] then
  return nil
end
local now, seen, idle, absolute = tonumber(ARGV[1]), tonumber(h[4]), tonumber(h[5]), tonumber(h[6])
if now >= absolute or now - seen >= idle then
  redis.call('DEL', KEYS[1])
  return nil
end
if now - seen >= tonumber(ARGV[2]) then
  redis.call('HSET', KEYS[1], 'l', ARGV[1])
  redis.call('PEXPIRE', KEYS[1], math.min(idle, absolute - now))
  h[4] = ARGV[1]
end
return h
