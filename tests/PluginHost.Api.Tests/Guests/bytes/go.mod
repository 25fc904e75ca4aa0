module pluginhost.test/bytes

go 1.24
