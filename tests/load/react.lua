-- Reacts, each time somebody else to something else: TARGETS names a file with the ids of visitors and their tokens, then of posts, a line each.
-- Prints one line as post.lua does.
local visitors, posts = {}, {}
for line in io.lines(os.getenv("TARGETS")) do
  local id, token = line:match("^(visitor_%S+) (%S+)$")
  if id then visitors[#visitors + 1] = { id = id, token = token } else posts[#posts + 1] = line end
end
local kinds = { "SUPPORT", "THANKS", "SOLIDARITY", "CELEBRATE", "CONCERN" }
local threads = 0

setup = function(thread)
  threads = threads + 1
  thread:set("number", threads)
end

init = function()
  math.randomseed(os.time() * 7 + number * 1000003)
end

request = function()
  local visitor = visitors[math.random(#visitors)]
  local body = string.format(
    '{"query":"mutation($i: ReactionAddInput!) { reactionAdd(input: $i) { reaction { id state } reactions { total } userErrors { code } } }",'
      .. '"variables":{"i":{"subject":"%s","kind":"%s"}},"visitor":"%s"}',
    posts[math.random(#posts)], kinds[math.random(#kinds)], visitor.id)
  return wrk.format("POST", nil, {
    ["Content-Type"] = "application/json",
    ["Authorization"] = "Bearer " .. visitor.token,
    ["X-Forwarded-For"] = string.format("10.%d.%d.%d", math.random(255), math.random(255), math.random(254)),
  }, body)
end

done = function(summary, latency)
  local errors = summary.errors
  io.write(string.format("%.0f %.3f %.3f %d %d\n", summary.requests / summary.duration * 1e6, latency:percentile(50) / 1000,
    latency:percentile(99) / 1000, errors.connect + errors.read + errors.write + errors.status + errors.timeout, summary.requests))
end
