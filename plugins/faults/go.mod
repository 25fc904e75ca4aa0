module pluginhost.example/faults

go 1.24
