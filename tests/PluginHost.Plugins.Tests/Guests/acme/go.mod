module pluginhost.test/acme

go 1.24
