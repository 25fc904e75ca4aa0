module pluginhost.example/syntax

go 1.24
