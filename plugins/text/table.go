//go:build !wasip1

package main

import (
	"os"
	"reflect"

	"pluginhost.example/table"
)

// main prints the checksums of the texts that native Go produces.
func main() {
	t := table.New("text")
	for _, i := range table.Edges(reflect.TypeFor[int64]()) {
		for _, x := range table.Edges(reflect.TypeFor[float64]()) {
			t.Exact("format", format, i.Interface(), x.Interface())
		}
	}
	t.ExactEdges("formatFloat", formatFloat)
	t.ExactEdges("parseFloat", parseFloat)
	for _, seed := range []uint64{0, 1, 42, 1 << 63, 1<<64 - 1} {
		for _, n := range []int32{-1, 0, 1, 10, 200} {
			t.Exact("transform", transform, seed, n)
			t.Exact("runes", runes, seed, n)
			t.Exact("jsonRoundTrip", jsonRoundTrip, seed, n)
			t.Exact("match", match, seed, n)
		}
	}
	t.Write(os.Stdout)
}
