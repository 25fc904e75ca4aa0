//go:build !wasip1

package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"time"
)

// kernels are what serve can time; every result is given as the bits that a WebAssembly caller would see.
var kernels = map[string]func(int32) uint64{
	"bigIntegers":   func(n int32) uint64 { return uint64(bigIntegers(n)) },
	"binaryTrees":   func(n int32) uint64 { return uint64(binaryTrees(n)) },
	"crc32":         func(n int32) uint64 { return uint64(crc32Sum(n)) },
	"fib":           func(n int32) uint64 { return uint64(fib(n)) },
	"jsonRoundTrip": func(n int32) uint64 { return uint64(jsonRoundTrip(n)) },
	"mandelbrot":    func(n int32) uint64 { return uint64(uint32(mandelbrot(n))) },
	"map":           func(n int32) uint64 { return uint64(mapSum(n)) },
	"matrix":        func(n int32) uint64 { return math.Float64bits(matrix(n)) },
	"nbody":         func(n int32) uint64 { return math.Float64bits(nbody(n)) },
	"pingPong":      func(n int32) uint64 { return uint64(pingPong(n)) },
	"regexp":        func(n int32) uint64 { return uint64(regexpMatch(n)) },
	"sha256":        sha256Sum,
	"sieve":         func(n int32) uint64 { return uint64(uint32(sieve(n))) },
	"sort":          func(n int32) uint64 { return uint64(sorted(n)) },
	"strings":       func(n int32) uint64 { return uint64(stringsRoundTrip(n)) },
}

// serve answers each line `kernel size` with the nanoseconds of one call and its result in hexadecimal.
func serve(commands io.Reader, answers io.Writer) {
	lines := bufio.NewScanner(commands)
	for lines.Scan() {
		var name string
		var size int32
		if _, err := fmt.Sscan(lines.Text(), &name, &size); err != nil {
			fmt.Fprintln(answers, "error", err)
			continue
		}
		kernel, found := kernels[name]
		if !found {
			fmt.Fprintln(answers, "error no kernel", name)
			continue
		}
		begin := time.Now()
		result := kernel(size)
		fmt.Fprintf(answers, "%d %x\n", time.Since(begin).Nanoseconds(), result)
	}
}
