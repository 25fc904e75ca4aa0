//go:build !wasip1

package abi

// Pack is told from the one of a module by the pointer, which does not fit here and is 1: Unpack knows the last result only.
func Pack(bytes []byte, failed bool) uint64 {
	if len(bytes) > maximumLength {
		panic("sdk: a result is longer than 2 GiB")
	}
	result = bytes
	packed := 1<<32 | uint64(len(bytes))
	if failed {
		packed |= errorFlag
	}
	return packed
}

// Unpack gives the bytes that Pack was last given and whether they were an error's.
func Unpack(packed uint64) (bytes []byte, failed bool) {
	failed = packed&errorFlag != 0
	if packed>>32 != 1 || packed&maximumLength != uint64(len(result)) {
		panic("sdk: not the last packed result")
	}
	return result, failed
}
