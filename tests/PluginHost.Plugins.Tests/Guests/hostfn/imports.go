package main

import (
	"structs"
	"unsafe"
)

//go:wasmimport pluginhost take
func take(p unsafe.Pointer, n uint32) int64

//go:wasmimport pluginhost log
func log(level int32, message string, attributes string)

//go:wasmimport pluginhost config_get
func configGet(key string) int64

//go:wasmimport pluginhost secret_get
func secretGet(key string) int64

//go:wasmimport pluginhost clock_now
func clockNow() int64

//go:wasmimport pluginhost kv_get
func kvGet(key string, entry *kvEntry) int64

//go:wasmimport pluginhost kv_set
func kvSet(key string, value string) int64

//go:wasmimport pluginhost kv_cas
func kvCas(key string, value string, version uint64) int64

//go:wasmimport pluginhost kv_delete
func kvDelete(key string, version uint64) int64

//go:wasmimport pluginhost kv_list
func kvList(prefix string, after string, limit uint32) int64

//go:wasmimport pluginhost http_send
func httpSend(request *httpRequest) int64

//go:wasmimport pluginhost call
func call(plugin string, export string, arguments string) int64

//go:wasmimport pluginhost invocation
func invocation() int64

type kvEntry struct {
	_       structs.HostLayout
	Version uint64
	Length  uint32
	Flags   uint32
}

type bytes struct {
	_       structs.HostLayout
	Pointer uint32
	Length  uint32
}

type httpRequest struct {
	_                          structs.HostLayout
	Method, URL, Headers, Body bytes
	TimeoutMs                  uint32
}

func of(text string) bytes {
	return bytes{Pointer: uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), Length: uint32(len(text))}
}
