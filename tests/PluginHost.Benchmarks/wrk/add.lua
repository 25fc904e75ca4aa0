-- The smallest useful invocation: two numbers in, one out.
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"args":[1,2]}'
