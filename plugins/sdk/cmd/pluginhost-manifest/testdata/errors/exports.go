package main

//go:wasmexport taken
func taken() {}

//go:wasmexport directives
//pluginhost:param missing bytes
//pluginhost:param number bytes
//pluginhost:param pointer bytes
//pluginhost:result text
//pluginhost:results bytes
func directives(number int32, pointer *byte, length int64) uint64 { return 0 }

//go:wasmexport kinds
//pluginhost:param a json Missing
//pluginhost:param b bytes Order
//pluginhost:result bytes
//pluginhost:result string
func kinds(a, b string) int32 { return 0 }

//go:wasmexport media
//pluginhost:content-type text/html
func media() int32 { return 0 }

//pluginhost:result bytes
func plain() uint64 { return 0 }

//go:wasmexport types
func types(a int, b []byte) (string, error) { return "", nil }
