-- Put before each script that looks into a partition's index.
-- KEYS cursor waiting upcoming line claimed handed excess holds entries usage
--   waiting   `<webhook>\0<due, 16 digits>\0<id>`, all of score 0: so that a webhook's are together, by due time and then by delivery
--   upcoming  the webhooks that have some waiting, by when the first is due (HELD_MS later where it is held)
--   line      those of them whose turn has come, by their number: a webhook is in one of the two
--   claimed   ids by the end of the claim; handed: by the offset in webhook.deliveries; excess: by their own offset
--   holds     the webhooks that are held
--   entries   by id `<offset> <attempt> <due> <size> <n|x> <r|z> <webhook>\0<tenant>\0<bytes>`; x: excess
--   usage     `w<webhook>` and `t<tenant>`: `<deliveries> <bytes>` of what is not excess
local cursor, waiting, upcoming, line, claimed = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local handed, excess, holds, entries, usage = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10]
local HELD_MS = 21600000

local function parse(value)
  local offset, attempt, due, size, kind, webhook, tenant =
    string.match(value, '^(%d+) (%d+) (%d+) (%d+) ([nx]) [rz] ([^%z]*)%z([^%z]*)%z')
  return {
    offset = offset,
    attempt = tonumber(attempt),
    due = due,
    size = tonumber(size),
    is_excess = kind == 'x',
    webhook = webhook,
    tenant = tenant,
  }
end

-- Of a time in ms, as text.
local function pad(due)
  return string.sub('0000000000000000', #due + 1) .. due
end

local function member_of(id, entry)
  return entry.webhook .. '\0' .. pad(entry.due) .. '\0' .. id
end

local function is_held(webhook)
  return redis.call('SISMEMBER', holds, webhook) == 1
end

-- When the first one waiting of a webhook is due, nil where none waits.
local function first_due(webhook)
  local first = redis.call('ZRANGEBYLEX', waiting, '[' .. webhook .. '\0', '(' .. webhook .. '\1', 'LIMIT', 0, 1)[1]
  return first and tonumber(string.sub(first, #webhook + 2, #webhook + 17))
end

local function add_upcoming(webhook, due)
  if is_held(webhook) then
    due = due + HELD_MS
  end
  redis.call('ZADD', upcoming, string.format('%.0f', due), webhook)
end

-- To be called for each webhook of whose waiting entries some came or went.
local function refresh(webhook)
  local due = first_due(webhook)
  if not due then
    redis.call('ZREM', upcoming, webhook)
    redis.call('ZREM', line, webhook)
  elseif not redis.call('ZSCORE', line, webhook) then
    add_upcoming(webhook, due)
  end
end

local function refresh_all(webhooks)
  for webhook in pairs(webhooks) do
    refresh(webhook)
  end
end

-- From whatever state it is in.
local function take_out(id, entry)
  redis.call('ZREM', waiting, member_of(id, entry))
  redis.call('ZREM', claimed, id)
  redis.call('ZREM', handed, id)
  redis.call('ZREM', excess, id)
end

local function let_wait(id, entry)
  if entry.is_excess then
    redis.call('ZADD', excess, entry.offset, id)
  else
    redis.call('ZADD', waiting, 0, member_of(id, entry))
  end
end

