module pluginhost.example/notmain

go 1.24
