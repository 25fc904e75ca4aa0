module pluginhost.test/handlers

go 1.24
