-- Put before each script that decides whether there is room.
-- KEYS ... totals, then the usage of every partition; ARGV incarnation offset; of a webhook most deliveries, bytes; of a tenant most deliveries, bytes
-- The totals are the sum over the partitions, kept so that it needs not be made for each webhook of each call. Where a total is missing (a reset drops
-- them all, its partition's part being gone) it is made again.
local totals = KEYS[11]
local most_of_webhook = { deliveries = tonumber(ARGV[3]), bytes = tonumber(ARGV[4]) }
local most_of_tenant = { deliveries = tonumber(ARGV[5]), bytes = tonumber(ARGV[6]) }

local function read_usage(key, field)
  local value = redis.call('HGET', key, field)
  if not value then
    return nil
  end
  local deliveries, bytes = string.match(value, '^(%d+) (%d+)$')
  return tonumber(deliveries), tonumber(bytes)
end

local function keep(key, field, deliveries, bytes)
  if deliveries == 0 then
    redis.call('HDEL', key, field)
  else
    redis.call('HSET', key, field, string.format('%.0f %.0f', deliveries, bytes))
  end
end

-- What one owner has over all partitions, and what this script changes of it.
local function read_owner(field, most)
  local deliveries, bytes = read_usage(totals, field)
  if not deliveries then
    deliveries, bytes = 0, 0
    for at = 12, #KEYS do
      local some, size = read_usage(KEYS[at], field)
      deliveries = deliveries + (some or 0)
      bytes = bytes + (size or 0)
    end
  end
  return { field = field, most = most, deliveries = deliveries, bytes = bytes, more = 0, more_bytes = 0 }
end

local webhooks, tenants = {}, {}

local function owners_of(entry)
  local webhook, tenant = webhooks[entry.webhook], tenants[entry.tenant]
  if not webhook then
    webhook = read_owner('w' .. entry.webhook, most_of_webhook)
    webhooks[entry.webhook] = webhook
  end
  if not tenant then
    tenant = read_owner('t' .. entry.tenant, most_of_tenant)
    tenants[entry.tenant] = tenant
  end
  return webhook, tenant
end

local function count(owner, deliveries, bytes)
  owner.more = owner.more + deliveries
  owner.more_bytes = owner.more_bytes + bytes
end

local function count_in(entry)
  local webhook, tenant = owners_of(entry)
  count(webhook, 1, entry.size)
  count(tenant, 1, entry.size)
end

local function count_out(entry)
  local webhook, tenant = owners_of(entry)
  count(webhook, -1, -entry.size)
  count(tenant, -1, -entry.size)
end

local function fits(owner, size)
  local most = owner.most
  return owner.deliveries + owner.more < most.deliveries and owner.bytes + owner.more_bytes + size <= most.bytes
end

local function has_room(entry)
  local webhook, tenant = owners_of(entry)
  return fits(webhook, entry.size) and fits(tenant, entry.size)
end

local function keep_all(owners)
  for _, owner in pairs(owners) do
    if owner.more ~= 0 or owner.more_bytes ~= 0 then
      local field = owner.field
      local deliveries, bytes = read_usage(usage, field)
      keep(usage, field, (deliveries or 0) + owner.more, (bytes or 0) + owner.more_bytes)
      keep(totals, field, owner.deliveries + owner.more, owner.bytes + owner.more_bytes)
    end
  end
end

-- At the end of the script.
local function keep_usage()
  keep_all(webhooks)
  keep_all(tenants)
end

