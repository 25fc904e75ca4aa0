package sdk

import (
	"unsafe"

	"pluginhost.dev/sdk/internal/abi"
)

//go:wasmexport pluginhost_buffer
func pluginhostBuffer(size uint32) unsafe.Pointer { return abi.Buffer(size) }

//go:wasmexport pluginhost_handlers
func pluginhostHandlers() uint64 { return abi.Pack(abi.Describe(), false) }

//go:wasmexport pluginhost_handle
func pluginhostHandle(index uint32, input unsafe.Pointer, length uint32) uint64 {
	return Pack(abi.Run(index, unsafe.Slice((*byte)(input), length)))
}
