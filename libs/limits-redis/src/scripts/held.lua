-- Put before each script of the deduplication.
-- KEYS entries queue
-- The hash `entries` has, by a key's digest, `P<until>|<since>|<token>` while it is pending and `D<until>|<since>|<what is answered>`
-- once it is done. The list `queue` has `<digest><since>` of each, oldest first, and some that are gone or were claimed again since.
local DIGEST = 16

local function read(value)
  local state, till, since, rest = string.match(value, '^(.)(%d+)|(%d+)|(.*)$')
  return state, tonumber(till), since, rest
end

-- What is held of the digests at every `step`th argument from the `first` on.
local function held(first, step)
  local digests = {}
  for at = first, #ARGV, step do
    digests[#digests + 1] = ARGV[at]
  end
  return redis.call('HMGET', KEYS[1], unpack(digests))
end

-- Changes are gathered and made by one call each: a call for every key costs five times as much.
local changed, queued = {}, {}

local function set(digest, state, till, since, rest)
  changed[#changed + 1] = digest
  changed[#changed + 1] = state .. till .. '|' .. since .. '|' .. rest
end

local function add(digest, state, till, now, rest)
  set(digest, state, till, now, rest)
  queued[#queued + 1] = digest .. now
end

-- Answers whether Redis had memory for it. Where it had none it is written all the same: Redis refuses only a script's first write, and never
-- one that removes, even if it removes nothing. `make_room` then pays for it.
local function write()
  local had_memory = true
  if #changed > 0 then
    had_memory = type(redis.pcall('HSET', KEYS[1], unpack(changed))) ~= 'table'
    if not had_memory then
      redis.call('HDEL', KEYS[1], '')
      redis.call('HSET', KEYS[1], unpack(changed))
    end
  end
  if #queued > 0 then
    redis.call('RPUSH', KEYS[2], unpack(queued))
  end
  return had_memory
end

-- The oldest that is still held, with its end; what is no longer behind the queue's head leaves it.
local function oldest(steps)
  for _ = 1, steps do
    local item = redis.call('LINDEX', KEYS[2], 0)
    if not item then
      return nil
    end
    local digest = string.sub(item, 1, DIGEST)
    local value = redis.call('HGET', KEYS[1], digest)
    if value then
      local _, till, since = read(value)
      if since == string.sub(item, DIGEST + 1) then
        return digest, till
      end
    end
    redis.call('LPOP', KEYS[2])
  end
  return nil
end

-- Where Redis has no memory these stay nevertheless: a claim should last until it is finished.
local LEAST = 1000

-- After `added` came at most. Those that ran out, or are too many, go twice as fast as others come, but never all in one call. Where there was no
-- memory for those that came, as many others go. Answers how many were dropped before their time.
local function make_room(added, now, max_keys, had_memory)
  local dropped, sweep = 0, 2 * added
  local owed = had_memory and 0 or added
  for _ = 1, 2 * added + 100 do
    local digest, till = oldest(2 * added + 100)
    if not digest then
      return dropped
    end
    local ran_out = till <= now
    local held_now = redis.call('HLEN', KEYS[1])
    -- The queue is bounded too, should very many claims be abandoned behind an old one.
    if held_now <= max_keys and redis.call('LLEN', KEYS[2]) <= 2 * max_keys + 1000 and (owed <= 0 or held_now <= LEAST) then
      if not ran_out or sweep <= 0 then
        return dropped
      end
      sweep = sweep - 1
    end
    if not ran_out then
      dropped = dropped + 1
    end
    owed = owed - 1
    redis.call('HDEL', KEYS[1], digest)
    redis.call('LPOP', KEYS[2])
  end
  return dropped
end

