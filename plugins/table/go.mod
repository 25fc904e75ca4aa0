module pluginhost.example/table

go 1.24
