-- The smallest useful invocation, of one plugin after the other: their number is the script's argument. Ends with a line for programs.
local count, next = 1, 0

function init(args)
  count = tonumber(args[1])
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  wrk.body = '{"args":[1,2]}'
end

function request()
  next = next % count + 1
  return wrk.format(nil, "/v1/plugins/calc-" .. next .. "/exports/add/invoke")
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("figures %f %f %f %f %d\n", summary.requests / (summary.duration / 1000000),
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency:percentile(99.9) / 1000,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
