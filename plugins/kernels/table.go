//go:build !wasip1

package main

import (
	"os"

	"pluginhost.example/table"
)

// main prints the results for small sizes, so that a kernel that is fast and wrong is found; with `serve` it times calls instead.
func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		serve(os.Stdin, os.Stdout)
		return
	}
	t := table.New("kernels")
	for _, n := range []int32{-1, 0, 1, 2, 10, 20} {
		t.Exact("fib", fib, n)
		t.Exact("sort", sorted, n)
		t.Exact("sha256", sha256Sum, n)
		t.Exact("nbody", nbody, n)
		t.Exact("matrix", matrix, n)
		t.Exact("jsonRoundTrip", jsonRoundTrip, n)
		t.Exact("mandelbrot", mandelbrot, n)
		t.Exact("map", mapSum, n)
		t.Exact("regexp", regexpMatch, n)
		t.Exact("strings", stringsRoundTrip, n)
		t.Exact("pingPong", pingPong, n)
		t.Exact("crc32", crc32Sum, n)
		t.Exact("bigIntegers", bigIntegers, n)
	}
	for _, n := range []int32{-1, 0, 2, 3, 100, 10000} {
		t.Exact("sieve", sieve, n)
	}
	for _, n := range []int32{-1, 0, 1, 2, 8} {
		t.Exact("binaryTrees", binaryTrees, n)
	}
	t.Exact("mandelbrot", mandelbrot, int32(50))
	t.Exact("map", mapSum, int32(2000))
	t.Exact("bigIntegers", bigIntegers, int32(200))
	t.Exact("nbody", nbody, int32(1000))
	t.Exact("sort", sorted, int32(5000))
	t.Write(os.Stdout)
}
