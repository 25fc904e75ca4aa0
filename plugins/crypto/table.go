//go:build !wasip1

package main

import (
	"os"

	"pluginhost.example/table"
)

// main prints the digests for lengths around the block sizes.
func main() {
	t := table.New("crypto")
	for _, seed := range []uint64{0, 1, 1<<64 - 1} {
		for _, n := range []uint32{0, 1, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 1000, 20000} {
			t.Exact("sha256Prefix", sha256Prefix, seed, n)
			t.Exact("sha512Prefix", sha512Prefix, seed, n)
			t.Exact("verify", verify, seed, n)
			for _, k := range []uint32{0, 32, 64, 65} {
				t.Exact("hmacPrefix", hmacPrefix, seed, k, n)
			}
		}
		t.Exact("chain", chain, seed, uint32(0))
		t.Exact("chain", chain, seed, uint32(100))
	}
	t.Write(os.Stdout)
}
