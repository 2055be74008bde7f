-- KEYS index of the account; ARGV 1 now
local all = {}
local now = tonumber(ARGV[1])
for _, key in ipairs(redis.call('HVALS', KEYS[1])) do
  local h = redis.call('HMGET', key, 'v', 'c', 'r', 'l', 'i', 'x', 'a')
  if h[1] and now < tonumber(h[6]) and now - tonumber(h[4]) < tonumber(h[5]) then
    all[#all + 1] = { key, h }
  end
end
return all
