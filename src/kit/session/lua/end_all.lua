-- KEYS index of the account
local ended = {}
for _, id in ipairs(redis.call('HKEYS', KEYS[1])) do
  if redis.call('DEL', redis.call('HGET', KEYS[1], id)) == 1 then
    ended[#ended + 1] = id
  end
end
redis.call('DEL', KEYS[1])
return ended
