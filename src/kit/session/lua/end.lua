-- KEYS index of the account; ARGV 1 session id
local key = redis.call('HGET', KEYS[1], ARGV[1])
if not key then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('DEL', key)
