//go:build !wasip1

package main

import (
	"math"
	"os"

	"pluginhost.example/table"
)

// main prints one history of the counter: its rows only hold in this order on one instance.
func main() {
	t := table.New("counter")
	t.Exact("get", get)
	t.Exact("increment", increment)
	t.Exact("increment", increment)
	t.Exact("add", add, int64(40))
	t.Exact("get", get)
	t.Exact("add", add, int64(-50))
	t.Exact("reset", reset)
	t.Exact("get", get)
	t.Exact("add", add, int64(math.MaxInt64))
	t.Exact("increment", increment)
	t.Exact("add", add, int64(math.MinInt64))
	t.Exact("get", get)
	t.Write(os.Stdout)
}
