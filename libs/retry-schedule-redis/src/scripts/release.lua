-- ARGV ... webhooks ...
for at = 3, #ARGV do
  local webhook = ARGV[at]
  if redis.call('SREM', holds, webhook) == 1 then
    redis.call('ZREM', line, webhook)
    refresh(webhook)
  end
end
return { 'ok' }
