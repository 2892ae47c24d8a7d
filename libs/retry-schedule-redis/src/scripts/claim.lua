-- Takes what is in excess, then what is due, webhook by webhook in their line.
-- ARGV ... now, claimed until, limit, per webhook, max bytes. Answers when there is more ('' never), then id, entry, id, entry ...
local now, till, limit = tonumber(ARGV[7]), ARGV[8], tonumber(ARGV[9])
local per_webhook, room = tonumber(ARGV[10]), tonumber(ARGV[11])
-- Entries are read in chunks, so that a call with little room doesn't read `limit` of them.
local CHUNK = 25

local answer = { 'ok', '' }
local taken = 0

-- Whether there was room for it.
local function take(id, value, size)
  if taken == limit or (room < size and taken > 0) then
    return false
  end
  room = room - size
  taken = taken + 1
  answer[#answer + 1] = id
  answer[#answer + 1] = value
  return true
end

-- At most `limit` a call, so that a call stays short.
local function expire()
  local touched = {}
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', claimed, '-inf', now, 'LIMIT', 0, limit)) do
    local entry = parse(redis.call('HGET', entries, id))
    redis.call('ZREM', claimed, id)
    let_wait(id, entry)
    touched[entry.webhook] = true
  end
  refresh_all(touched)
end

local function admit(id, value, entry)
  redis.call('ZREM', excess, id)
  redis.call('HSET', entries, id, (string.gsub(value, '^(%d+ %d+ %d+ %d+) x', '%1 n', 1)))
  entry.is_excess = false
  let_wait(id, entry)
  count_in(entry)
end

-- Whether there was room for all that it looked at.
local function take_excess()
  local touched, all = {}, true
  for _, id in ipairs(redis.call('ZRANGE', excess, 0, limit - 1)) do
    local value = redis.call('HGET', entries, id)
    local entry = parse(value)
    if has_room(entry) then
      admit(id, value, entry)
      touched[entry.webhook] = true
    elseif take(id, value, entry.size) then
      redis.call('ZREM', excess, id)
      redis.call('ZADD', claimed, till, id)
    else
      all = false
      break
    end
  end
  refresh_all(touched)
  keep_usage()
  return all
end

local function join_line()
  for _, webhook in ipairs(redis.call('ZRANGEBYSCORE', upcoming, '-inf', now, 'LIMIT', 0, limit)) do
    redis.call('ZREM', upcoming, webhook)
    redis.call('ZADD', line, redis.call('HINCRBY', cursor, 'line', 1), webhook)
  end
end

-- Answers how many it gave, and whether there was room for all that it would have given.
local function take_of(webhook)
  local due = is_held(webhook) and now - HELD_MS or now
  local members = redis.call('ZRANGEBYLEX', waiting, '[' .. webhook .. '\0', '(' .. webhook .. '\0' .. pad(string.format('%.0f', due + 1)),
    'LIMIT', 0, math.min(per_webhook, limit - taken))
  for from = 1, #members, CHUNK do
    local ids = {}
    for index = from, math.min(from + CHUNK - 1, #members) do
      ids[#ids + 1] = string.sub(members[index], #webhook + 19)
    end
    for index, value in ipairs(redis.call('HMGET', entries, unpack(ids))) do
      if not take(ids[index], value, tonumber(string.match(value, '^%d+ %d+ %d+ (%d+)'))) then
        return from + index - 2, false
      end
      redis.call('ZREM', waiting, members[from + index - 1])
      redis.call('ZADD', claimed, till, ids[index])
    end
  end
  return #members, true
end

local function leave_line(webhook)
  redis.call('ZREM', line, webhook)
  local due = first_due(webhook)
  if not due then
    return
  end
  if is_held(webhook) and due + HELD_MS > now or due > now then
    add_upcoming(webhook, due)
  else
    redis.call('ZADD', line, redis.call('HINCRBY', cursor, 'line', 1), webhook)
  end
end

local function take_due()
  -- Those behind it have had their turn in this call.
  local last = tonumber(redis.call('HGET', cursor, 'line') or 0)
  while taken < limit do
    local first = redis.call('ZRANGE', line, 0, 0, 'WITHSCORES')
    if not first[1] or tonumber(first[2]) > last then
      return
    end
    local given, all = take_of(first[1])
    if given == 0 and not all then
      return
    end
    leave_line(first[1])
    if not all then
      return
    end
  end
end

local function next_at()
  if redis.call('ZCARD', line) > 0 or redis.call('ZCARD', excess) > 0 then
    return ARGV[7]
  end
  local first = redis.call('ZRANGE', upcoming, 0, 0, 'WITHSCORES')[2]
  local ends = redis.call('ZRANGE', claimed, 0, 0, 'WITHSCORES')[2]
  if first and ends then
    return tonumber(first) < tonumber(ends) and first or ends
  end
  return first or ends or ''
end

expire()
if take_excess() then
  join_line()
  take_due()
end
answer[2] = next_at()
return answer
