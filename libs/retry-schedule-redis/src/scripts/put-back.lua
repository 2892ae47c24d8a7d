-- Puts claimed or handed-over entries back to waiting, due now.
-- ARGV ... now; then id, offset ...
local moved, touched = 0, {}
for at = 4, #ARGV, 2 do
  local id = ARGV[at]
  local value = redis.call('HGET', entries, id)
  if value and string.match(value, '^%d+') == ARGV[at + 1] then
    if redis.call('ZREM', claimed, id) + redis.call('ZREM', handed, id) > 0 then
      local before, after = string.match(value, '^(%d+ %d+ )%d+(.*)$')
      value = before .. ARGV[3] .. after
      local entry = parse(value)
      redis.call('HSET', entries, id, value)
      let_wait(id, entry)
      touched[entry.webhook] = true
      moved = moved + 1
    end
  end
end
refresh_all(touched)
return { 'ok', moved }
