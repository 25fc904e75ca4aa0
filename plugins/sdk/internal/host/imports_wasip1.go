package host

import (
	"structs"
	"unsafe"
)

// The host's functions as they are. The linker leaves out those that a plugin does not use, so that it needs no grants for them.

//go:wasmimport pluginhost take
func take(to unsafe.Pointer, length uint32) int64

//go:wasmimport pluginhost log
func log(level int32, message, attributes string)

//go:wasmimport pluginhost config_get
func configGet(key string) int64

//go:wasmimport pluginhost secret_get
func secretGet(key string) int64

//go:wasmimport pluginhost clock_now
func clockNow() int64

//go:wasmimport pluginhost kv_get
func kvGet(key string, entry *kvEntry) int64

//go:wasmimport pluginhost kv_set
func kvSet(key, value string) int64

//go:wasmimport pluginhost kv_cas
func kvCAS(key, value string, version uint64) int64

//go:wasmimport pluginhost kv_delete
func kvDelete(key string, version uint64) int64

//go:wasmimport pluginhost kv_list
func kvList(prefix, after string, limit uint32) int64

//go:wasmimport pluginhost http_send
func httpSend(request *httpRequest) int64

//go:wasmimport pluginhost call
func call(plugin, export, arguments string) int64

//go:wasmimport pluginhost invocation
func invocation() int64

type kvEntry struct {
	_       structs.HostLayout
	Version uint64
	Length  uint32
	Flags   uint32
}

type bytesAt struct {
	_       structs.HostLayout
	Pointer uint32
	Length  uint32
}

type httpRequest struct {
	_                          structs.HostLayout
	Method, URL, Headers, Body bytesAt
	TimeoutMilliseconds        uint32
}

// at hides a pointer from the collector: who calls it keeps the text alive.
func at(text string) bytesAt {
	return bytesAt{Pointer: uint32(uintptr(unsafe.Pointer(unsafe.StringData(text)))), Length: uint32(len(text))}
}
