//go:build !wasip1

package main

import (
	"os"

	"pluginhost.example/table"
)

// main prints the results for small sizes, so that a kernel that is fast and wrong is found.
func main() {
	t := table.New("kernels")
	for _, n := range []int32{-1, 0, 1, 2, 10, 20} {
		t.Exact("fib", fib, n)
		t.Exact("sort", sorted, n)
		t.Exact("sha256", sha256Sum, n)
		t.Exact("nbody", nbody, n)
		t.Exact("matrix", matrix, n)
		t.Exact("jsonRoundTrip", jsonRoundTrip, n)
	}
	for _, n := range []int32{-1, 0, 2, 3, 100, 10000} {
		t.Exact("sieve", sieve, n)
	}
	t.Exact("nbody", nbody, int32(1000))
	t.Exact("sort", sorted, int32(5000))
	t.Write(os.Stdout)
}
