package main

// mapSum counts n generated keys in a map, reads them back and deletes every other one: hashing and probing.
//
//go:wasmexport map
func mapSum(n int32) int64 {
	counts := make(map[uint32]int64)
	seed := uint32(1)
	for range n {
		seed = seed*1664525 + 1013904223
		counts[seed>>18]++
	}
	var sum int64
	for key := range uint32(1 << 14) {
		count, found := counts[key]
		if !found {
			continue
		}
		sum += count * int64(key)
		if key%2 == 0 {
			delete(counts, key)
		}
	}
	return sum<<16 + int64(len(counts))
}
