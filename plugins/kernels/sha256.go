package main

import (
	"crypto/sha256"
	"encoding/binary"
)

// sha256Sum hashes n KiB and returns the first 8 bytes of the digest: 32-bit arithmetic and rotations.
//
//go:wasmexport sha256
func sha256Sum(n int32) uint64 {
	hash := sha256.New()
	var block [1024]byte
	for i := range block {
		block[i] = byte(i * 7)
	}
	for range n {
		hash.Write(block[:])
	}
	return binary.BigEndian.Uint64(hash.Sum(nil))
}
