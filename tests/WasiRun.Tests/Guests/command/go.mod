module pluginhost.test/command

go 1.24
