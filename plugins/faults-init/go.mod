module pluginhost.example/faults-init

go 1.24
