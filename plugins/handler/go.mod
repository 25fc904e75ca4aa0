module pluginhost.example/handler

go 1.24

require pluginhost.example/table v0.0.0

replace pluginhost.example/table => ../table
