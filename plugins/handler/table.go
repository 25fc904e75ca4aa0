//go:build !wasip1

package main

import (
	"bufio"
	"fmt"
	"os"
	"time"

	"pluginhost.example/table"
)

// main prints the results for small sizes, so that a handler that is fast and wrong is found; with `serve` it times calls instead.
func main() {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		serve()
		return
	}
	t := table.New("handler")
	for _, n := range []int32{-1, 0, 1, 2, 16, 40} {
		t.Exact("httpHandler", httpHandler, n)
	}
	t.Write(os.Stdout)
}

// serve answers each line `httpHandler size` with the nanoseconds of one call and its result in hexadecimal.
func serve() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var name string
		var size int32
		if _, err := fmt.Sscan(lines.Text(), &name, &size); err != nil || name != "httpHandler" {
			fmt.Println("error no kernel", lines.Text())
			continue
		}
		begin := time.Now()
		result := uint64(httpHandler(size))
		fmt.Printf("%d %x\n", time.Since(begin).Nanoseconds(), result)
	}
}
