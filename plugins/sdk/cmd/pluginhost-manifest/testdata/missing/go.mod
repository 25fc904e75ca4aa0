module pluginhost.example/missing

go 1.24
