-- Claims the probes of half-open breakers.
-- ARGV ... then of each breaker token, until. Answers of each open until, probe until, 1 if it was granted.
local answers = {}
for index, key in ipairs(KEYS) do
  local token, till = ARGV[2 * index + 1], tonumber(ARGV[2 * index + 2])
  local breaker = read(key)
  if is_half_open(breaker) and (not breaker.probe or breaker.probe <= now or breaker.token == token) then
    breaker.token, breaker.probe = token, till
    keep(key, breaker)
  end
  add_state(answers, breaker)
  answers[#answers + 1] = breaker.token == token and 1 or 0
end
return answers
