module pluginhost.dev/sdk

go 1.24
