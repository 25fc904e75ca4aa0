package main

import (
	"pluginhost.dev/sdk"
	"pluginhost.example/packages/shapes/units"
	other "pluginhost.example/packages/units"
)

func main() {}

func init() { sdk.JSON("convert", units.Convert) }

//go:wasmimport pluginhost kv_delete
func kvDelete(key string, version uint64) int64

//go:wasmimport pluginhost clock_now
func clockNow() int64

//go:wasmimport elsewhere http_send
func send(int32) int32

//go:wasmexport run
func run() int64 { return kvDelete(string(other.Length{}.Unit), 0) + clockNow() + int64(send(1)) }
