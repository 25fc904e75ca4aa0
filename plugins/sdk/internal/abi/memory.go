package abi

import "unsafe"

const (
	maximumLength = 1<<31 - 1
	errorFlag     = 1 << 31

	// minimumBuffer is enough for most calls, so that they share one buffer. Everything above keptBuffer is given back once it is not needed.
	minimumBuffer = 8 << 10
	keptBuffer    = 1 << 20
)

var (
	// buffer is where the host puts the arguments of a call: reachable from here, so that the collector leaves it alone.
	buffer []byte

	// result keeps what the host has yet to read.
	result []byte
)

// Buffer offers at least size bytes for the arguments of the next call; nil where that is more than the wire can say.
func Buffer(size uint32) unsafe.Pointer {
	if size > maximumLength {
		return nil
	}
	if needed := max(int(size), minimumBuffer); needed > cap(buffer) || cap(buffer) > keptBuffer && needed <= keptBuffer {
		buffer = make([]byte, needed)
	}
	return unsafe.Pointer(unsafe.SliceData(buffer))
}
