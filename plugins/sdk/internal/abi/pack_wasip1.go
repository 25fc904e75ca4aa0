package abi

import "unsafe"

// Pack gives the 64 bits that stand for bytes: the pointer, the error flag, 31 bits of length.
func Pack(bytes []byte, failed bool) uint64 {
	if len(bytes) > maximumLength {
		panic("sdk: a result is longer than 2 GiB")
	}
	result = bytes
	packed := uint64(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))<<32 | uint64(len(bytes))
	if failed {
		packed |= errorFlag
	}
	return packed
}
