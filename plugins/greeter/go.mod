module pluginhost.example/greeter

go 1.24
