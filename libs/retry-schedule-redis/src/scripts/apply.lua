-- Applies changes, in order, and moves the cursor.
-- ARGV ... next offset, now, percent of maxmemory that may be used; then the changes: 'wait' id entry | 'settled' id
local FIRST = 10

local function is_full()
  local info = redis.call('INFO', 'memory')
  local limit = tonumber(string.match(info, '\nmaxmemory:(%d+)'))
  local used = tonumber(string.match(info, '\nused_memory:(%d+)'))
  return limit > 0 and used * 100 > limit * tonumber(ARGV[9])
end

-- What only removes makes room, so it is let through.
local adds = false
local at = FIRST
while ARGV[at] and not adds do
  adds = ARGV[at] == 'wait'
  at = at + 2
end
if adds and is_full() then
  return { 'full' }
end

-- Also what finds nothing to remove must be able to move the cursor: a removal, even of nothing, lets the other writes through.
redis.call('HDEL', cursor, '')

local touched = {}

local function remove(id, entry)
  redis.call('HDEL', entries, id)
  take_out(id, entry)
  if not entry.is_excess then
    count_out(entry)
  end
  touched[entry.webhook] = true
end

local function wait(id, value)
  local entry = parse(value)
  local held_value = redis.call('HGET', entries, id)
  local current = held_value and parse(held_value)
  if current and entry.attempt < current.attempt then
    return
  end
  if current then
    remove(id, current)
  end
  if (current and not current.is_excess) or has_room(entry) then
    count_in(entry)
  else
    entry.is_excess = true
    value = string.gsub(value, '^(%d+ %d+ %d+ %d+) n', '%1 x', 1)
  end
  redis.call('HSET', entries, id, value)
  let_wait(id, entry)
  touched[entry.webhook] = true
end

at = FIRST
while ARGV[at] do
  local id = ARGV[at + 1]
  if ARGV[at] == 'wait' then
    wait(id, ARGV[at + 2])
    at = at + 3
  else
    local value = redis.call('HGET', entries, id)
    if value then
      remove(id, parse(value))
    end
    at = at + 2
  end
end
refresh_all(touched)
keep_usage()
redis.call('HSET', cursor, 'offset', ARGV[7], 'appliedAtMs', ARGV[8])
return { 'ok' }
