module pluginhost.example/mismatch

go 1.24
