module pluginhost.test/depth

go 1.24
