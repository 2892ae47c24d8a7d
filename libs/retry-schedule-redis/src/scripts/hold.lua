-- ARGV ... webhooks ...
for at = 3, #ARGV do
  local webhook = ARGV[at]
  if not is_held(webhook) then
    redis.call('ZREM', line, webhook)
    redis.call('SADD', holds, webhook)
    refresh(webhook)
  end
end
return { 'ok' }
