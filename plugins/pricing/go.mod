module pluginhost.example/pricing

go 1.24

require pluginhost.dev/sdk v0.0.0

replace pluginhost.dev/sdk => ../sdk
