// Command handlers is what a plugin with the SDK is to its host, written by hand so that it can lie as well.
package main

import (
	"strings"
	"unsafe"
)

func main() {}

var in, out []byte

// mode is how the next buffer is offered: 0 as it should be, 1 refused, 2 beyond the memory, 3 at its end.
var mode int32

//go:wasmexport set-mode
func setMode(m int32) { mode = m }

//go:wasmexport pluginhost_buffer
func buffer(n uint32) uint32 {
	switch mode {
	case 1:
		return 0
	case 2:
		return 0xFFFF_FFF8
	case 3:
		return 0x0100_0000 - 8
	}
	if uint32(cap(in)) < n {
		in = make([]byte, n)
	}
	in = in[:n]
	return uint32(uintptr(unsafe.Pointer(unsafe.SliceData(in))))
}

func pack(bytes []byte) uint64 {
	out = bytes
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))<<32 | uint64(len(bytes))
}

//go:wasmexport pluginhost_handlers
func handlers() uint64 {
	return pack([]byte(`[{"name":"echo","input":"bytes","output":"bytes"},{"name":"nest","input":"json","output":"json"},` +
		`{"name":"raw","input":"bytes","output":"json"},{"name":"fail","input":"bytes","output":"bytes"},{"name":"panic","input":"bytes","output":"bytes"}]`))
}

//go:wasmexport pluginhost_handle
func handle(index uint32, data *byte, length uint32) uint64 {
	input := unsafe.Slice(data, length)
	switch index {
	case 0, 2:
		return pack(input)
	case 1:
		return pack([]byte(`{"in":` + string(input) + `}`))
	case 3:
		return pack([]byte(`{"message":"it is wrong: `+strings.ToUpper(string(input))+`","code":"wrong-input","details":{"length":[1,2]}}`)) | 1<<31
	}
	panic("told to")
}

//go:wasmexport length
func lengthOf(text string) int32 { return int32(len(text)) }
