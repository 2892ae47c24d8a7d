-- Put before each script that decides whether there is room.
-- KEYS ... the usage of every partition, from the 11th on; ARGV incarnation offset; of a webhook most deliveries, bytes; of a tenant most deliveries, bytes
local most = {
  w = { deliveries = tonumber(ARGV[3]), bytes = tonumber(ARGV[4]) },
  t = { deliveries = tonumber(ARGV[5]), bytes = tonumber(ARGV[6]) },
}
-- By field: what this script changes of it in this partition, and what all partitions had before.
local changed, before = {}, {}

local function read_usage(key, field)
  local value = redis.call('HGET', key, field)
  if not value then
    return 0, 0
  end
  local deliveries, bytes = string.match(value, '^(%d+) (%d+)$')
  return tonumber(deliveries), tonumber(bytes)
end

local function add_to(field, deliveries, bytes)
  local change = changed[field]
  if not change then
    change = { deliveries = 0, bytes = 0 }
    changed[field] = change
  end
  change.deliveries = change.deliveries + deliveries
  change.bytes = change.bytes + bytes
end

local function count_in(entry)
  add_to('w' .. entry.webhook, 1, entry.size)
  add_to('t' .. entry.tenant, 1, entry.size)
end

local function count_out(entry)
  add_to('w' .. entry.webhook, -1, -entry.size)
  add_to('t' .. entry.tenant, -1, -entry.size)
end

local function used_before(field)
  local used = before[field]
  if not used then
    used = { deliveries = 0, bytes = 0 }
    for at = 11, #KEYS do
      local deliveries, bytes = read_usage(KEYS[at], field)
      used.deliveries = used.deliveries + deliveries
      used.bytes = used.bytes + bytes
    end
    before[field] = used
  end
  return used
end

local function fits(kind, owner, size)
  local field = kind .. owner
  local used, change = used_before(field), changed[field]
  local deliveries = used.deliveries + (change and change.deliveries or 0) + 1
  local bytes = used.bytes + (change and change.bytes or 0) + size
  return deliveries <= most[kind].deliveries and bytes <= most[kind].bytes
end

local function has_room(entry)
  return fits('w', entry.webhook, entry.size) and fits('t', entry.tenant, entry.size)
end

-- At the end of the script.
local function keep_usage()
  for field, change in pairs(changed) do
    local deliveries, bytes = read_usage(usage, field)
    deliveries = deliveries + change.deliveries
    if deliveries == 0 then
      redis.call('HDEL', usage, field)
    else
      redis.call('HSET', usage, field, string.format('%.0f %.0f', deliveries, bytes + change.bytes))
    end
  end
end

