module pluginhost.test/hostfn

go 1.24
