-- Notes outcomes.
-- ARGV ... failures in a row, failure percent, min outcomes, open for, at most; then of each breaker succeeded, failed, failures in a row, probe's token
-- or ''. Answers of each open until, probe until; 0: not.
local most_in_a_row, failure_percent, min_outcomes = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
local open_for, most_open = tonumber(ARGV[6]), tonumber(ARGV[7])
local SLICES = 10

local function opened(breaker)
  local for_ms = math.min(open_for * 2 ^ breaker.openings, most_open)
  return { row = 0, slices = {}, openings = breaker.openings + 1, open = now + for_ms }
end

local function add_slice(slices, succeeded, failed)
  local latest = slices[#slices]
  local number = math.max(math.floor(now / (window / SLICES)), latest and latest[1] or 0)
  local within = {}
  for _, slice in ipairs(slices) do
    if slice[1] > number - SLICES then
      within[#within + 1] = slice
    end
  end
  if latest and latest[1] == number then
    within[#within] = { number, latest[2] + succeeded, latest[3] + failed }
  else
    within[#within + 1] = { number, succeeded, failed }
  end
  return within
end

local function fails_mostly(slices)
  local succeeded, failed = 0, 0
  for _, slice in ipairs(slices) do
    succeeded = succeeded + slice[2]
    failed = failed + slice[3]
  end
  return succeeded + failed >= min_outcomes and failed * 100 >= (succeeded + failed) * failure_percent
end

local function count(breaker, succeeded, failed, in_a_row)
  breaker.row = succeeded > 0 and in_a_row or breaker.row + failed
  breaker.slices = add_slice(breaker.slices, succeeded, failed)
  if breaker.row >= most_in_a_row or fails_mostly(breaker.slices) then
    return opened(breaker)
  end
  return breaker
end

local function end_probe(breaker, succeeded, failed)
  if failed > 0 then
    return opened(breaker)
  end
  if succeeded > 0 then
    return { row = 0, slices = {}, openings = 0 }
  end
  breaker.token, breaker.probe = nil, nil
  return breaker
end

local answers = {}
for index, key in ipairs(KEYS) do
  local at = 4 * index + 4
  local succeeded, failed, in_a_row, token = tonumber(ARGV[at]), tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2]), ARGV[at + 3]
  local breaker = read(key)
  if breaker.open then
    if token ~= '' and token == breaker.token then
      breaker = end_probe(breaker, succeeded, failed)
      keep(key, breaker)
    end
  elseif succeeded + failed > 0 then
    breaker = count(breaker, succeeded, failed, in_a_row)
    keep(key, breaker)
  end
  add_state(answers, breaker)
end
return answers
