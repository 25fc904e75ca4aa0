//go:build !wasip1

package main

import (
	"os"

	"pluginhost.example/table"
)

// main prints the results, which do not depend on the order in which goroutines run.
func main() {
	t := table.New("goroutines")
	for _, n := range []int32{0, 1, 10, 1000} {
		for _, workers := range []int32{1, 2, 8, 64} {
			t.Exact("squares", squares, n, workers)
		}
		t.Exact("pingPong", pingPong, n)
		t.Exact("pipeline", pipeline, n, int32(0))
		t.Exact("pipeline", pipeline, n, int32(12))
		t.Exact("fanIn", fanIn, n)
		t.Exact("locked", locked, n, int32(4))
		t.Exact("atomicCount", atomicCount, n, int32(50))
	}
	t.Exact("sleep", sleep, uint32(0))
	t.Exact("sleep", sleep, uint32(20))
	t.Exact("sleepers", sleepers, int32(100), uint32(20))
	t.Exact("timeout", timeout, uint32(1), uint32(60000))
	t.Exact("timeout", timeout, uint32(60000), uint32(20))
	t.Exact("ticks", ticks, int32(3), uint32(5))
	t.Exact("recovered", recovered, int32(-17))
	t.Write(os.Stdout)
}
