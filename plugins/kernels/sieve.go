package main

// sieve counts the primes below n: bytes in memory, short loops.
//
//go:wasmexport sieve
func sieve(n int32) int32 {
	composite := make([]bool, max(n, 0))
	var count int32
	for i := int32(2); i < n; i++ {
		if composite[i] {
			continue
		}
		count++
		for j := int64(i) * int64(i); j < int64(n); j += int64(i) {
			composite[j] = true
		}
	}
	return count
}
