module pluginhost.test/files

go 1.24
