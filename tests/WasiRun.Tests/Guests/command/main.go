// A command that does what its first argument says, for the tests of WasiRun.
package main

import (
	"io"
	"os"
	"strconv"
	"strings"
)

func main() {
	if len(os.Args) < 2 {
		return
	}
	switch arguments := os.Args[2:]; os.Args[1] {
	case "arguments":
		os.Stdout.WriteString(strings.Join(os.Args[1:], "\n"))
	case "environment":
		os.Stdout.WriteString(strings.Join(os.Environ(), "\n"))
	case "exit":
		code, _ := strconv.Atoi(arguments[0])
		os.Exit(code)
	case "echo": // standard input, whatever its bytes, on both outputs
		must(io.Copy(io.MultiWriter(os.Stdout, os.Stderr), os.Stdin))
	case "copy": // a file, by its path here, to standard output
		file, err := os.Open(arguments[0])
		must(0, err)
		must(io.Copy(os.Stdout, file))
	case "write":
		must(0, os.WriteFile(arguments[0], []byte(arguments[1]), 0o644))
	case "flood": // until nobody reads any more
		for {
			if _, err := os.Stdout.Write(make([]byte, 64*1024)); err != nil {
				os.Stderr.WriteString(err.Error())
				os.Exit(3)
			}
		}
	case "panic": // exit code 2; a trap where GOTRACEBACK=crash
		panic(arguments[0])
	}
}

func must(_ int64, err error) {
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
}
