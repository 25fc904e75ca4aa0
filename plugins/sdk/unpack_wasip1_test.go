package sdk

import "unsafe"

// unpack reads a result as the host does: from the memory that the 64 bits name.
func unpack(packed uint64) (string, bool) {
	pointer := *(*unsafe.Pointer)(unsafe.Pointer(&[]uint64{packed >> 32}[0]))
	return string(unsafe.Slice((*byte)(pointer), packed&(1<<31-1))), packed&(1<<31) != 0
}
