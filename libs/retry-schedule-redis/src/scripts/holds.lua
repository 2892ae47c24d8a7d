-- Answers the webhooks that are held.
local answer = redis.call('SMEMBERS', holds)
table.insert(answer, 1, 'ok')
return answer
