// Command faults is a reactor whose exports go wrong, each in one way a host must survive.
package main

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"time"
	"unsafe"
)

func main() {}

// fine returns its argument: it tells whether an instance still answers.
//
//go:wasmexport fine
func fine(x int32) int32 { return x }

// panicText panics with a text.
//
//go:wasmexport panicText
func panicText() { panic("boom") }

// panicError panics with an error.
//
//go:wasmexport panicError
func panicError() { panic(errors.New("the error that was thrown")) }

// panicLong panics with a text of n bytes.
//
//go:wasmexport panicLong
func panicLong(n uint32) { panic(strings.Repeat("x", int(n))) }

// panicInGoroutine panics in a goroutine that nobody recovers.
//
//go:wasmexport panicInGoroutine
func panicInGoroutine() {
	go func() { panic("boom in a goroutine") }()
	select {}
}

// panicAndRecover panics and recovers, and so is no fault at all.
//
//go:wasmexport panicAndRecover
func panicAndRecover() (recovered bool) {
	defer func() { recovered = recover() != nil }()
	panic("never seen")
}

var nothing *[1024]int32

// nilDereference reads through a nil pointer.
//
//go:wasmexport nilDereference
func nilDereference() int32 { return nothing[7] }

var noMap map[int32]int32

// nilMap writes to a nil map.
//
//go:wasmexport nilMap
func nilMap() { noMap[1] = 2 }

var three = []int32{1, 2, 3}

// index reads element i of three.
//
//go:wasmexport index
func index(i int32) int32 { return three[i] }

// divide returns a/b; b = 0 panics.
//
//go:wasmexport divide
func divide(a, b int32) int32 { return a / b }

// typeAssertion asserts a type that a value has not.
//
//go:wasmexport typeAssertion
func typeAssertion() int32 {
	var value any = "text"
	return value.(int32)
}

// wildRead reads the 8 bytes at an address: outside of the memory that is a trap of WebAssembly's own.
//
//go:wasmexport wildRead
func wildRead(address uint32) int64 {
	raw := uintptr(address)
	return **(**int64)(unsafe.Pointer(&raw))
}

// exit ends the program with a code.
//
//go:wasmexport exit
func exit(code int32) { os.Exit(int(code)) }

// exitInGoroutine ends the program from a goroutine.
//
//go:wasmexport exitInGoroutine
func exitInGoroutine(code int32) {
	go os.Exit(int(code))
	select {}
}

// deadlock waits for a channel that nobody sends to.
//
//go:wasmexport deadlock
func deadlock() { <-make(chan int) }

// deadlockMutex locks a mutex twice.
//
//go:wasmexport deadlockMutex
func deadlockMutex() {
	var mutex sync.Mutex
	mutex.Lock()
	mutex.Lock()
}

// goexit ends the goroutine that the host's call runs on.
//
//go:wasmexport goexit
func goexit() { runtime.Goexit() }

// loop never ends and calls nothing.
//
//go:wasmexport loop
func loop() {
	for {
	}
}

var sink uint64

// loopWork never ends, and computes, stores and calls.
//
//go:wasmexport loopWork
func loopWork() {
	for {
		sink = mix(sink)
	}
}

//go:noinline
func mix(x uint64) uint64 { return (x ^ x>>29) * 0xbf58476d1ce4e5b9 }

// loopYield never ends, and passes through the scheduler every time.
//
//go:wasmexport loopYield
func loopYield() {
	for {
		runtime.Gosched()
	}
}

// loopCopy never ends inside copies and fills of n bytes, which are single instructions.
//
//go:wasmexport loopCopy
func loopCopy(n uint32) {
	from, to := make([]byte, n), make([]byte, n)
	for {
		copy(to, from)
		clear(from)
	}
}

// spin starts n goroutines that never end, and lets them run.
//
//go:wasmexport spin
func spin(n int32) {
	for range n {
		go loopWork()
	}
	runtime.Gosched()
}

// spinLater starts n goroutines that never end and returns: they run as soon as a later call blocks.
//
//go:wasmexport spinLater
func spinLater(n int32) {
	for range n {
		go loopWork()
	}
}

// sleepForever sleeps for three centuries.
//
//go:wasmexport sleepForever
func sleepForever() { time.Sleep(1<<63 - 1) }

// block waits for ever while a ticker keeps the deadlock detector quiet.
//
//go:wasmexport block
func block() {
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for range ticker.C {
	}
}

var kept [][]byte

// allocate keeps n bytes for ever and returns how much is kept by now.
//
//go:wasmexport allocate
func allocate(n uint32) uint64 {
	kept = append(kept, make([]byte, n))
	var sum uint64
	for _, block := range kept {
		sum += uint64(len(block))
	}
	return sum
}

// allocateForever keeps ever more memory.
//
//go:wasmexport allocateForever
func allocateForever() {
	for {
		block := make([]byte, 1<<20)
		for i := 0; i < len(block); i += 4096 {
			block[i] = 1
		}
		kept = append(kept, block)
	}
}

// garbage allocates and drops n blocks of 64 KiB: no fault, the collector must keep up.
//
//go:wasmexport garbage
func garbage(n uint32) uint64 {
	var sum uint64
	for i := range n {
		block := make([]byte, 64<<10)
		block[i%uint32(len(block))] = 1
		sum += uint64(len(block))
		kept = append(kept[:0], block)
	}
	return sum
}

// allocateHuge asks for a slice longer than the address space.
//
//go:wasmexport allocateHuge
func allocateHuge(n int64) int64 { return int64(len(make([]byte, n))) }

// recurse goes n calls deep and returns n.
//
//go:wasmexport recurse
func recurse(n int32) int32 {
	if n <= 0 {
		return 0
	}
	return recurse(n-1) + 1
}

// recurseForever goes deeper until a limit stops it.
//
//go:wasmexport recurseForever
func recurseForever(n int32) int32 { return recurseForever(n+1) + 1 }

// recurseWide goes n calls deep with a frame of 1 KiB in each.
//
//go:wasmexport recurseWide
func recurseWide(n int32) int32 {
	var frame [128]int64
	if n <= 0 {
		return 0
	}
	frame[n%128] = int64(n)
	return recurseWide(n-1) + int32(frame[n%128]-int64(n)) + 1
}

// output writes n bytes without a line end to standard output and returns how many were taken.
//
//go:wasmexport output
func output(n uint32) int64 { return write(os.Stdout, n, strings.Repeat("o", 1<<12)) }

// outputError writes n bytes without a line end to standard error and returns how many were taken.
//
//go:wasmexport outputError
func outputError(n uint32) int64 { return write(os.Stderr, n, strings.Repeat("e", 1<<12)) }

// outputLines writes n short lines to standard output.
//
//go:wasmexport outputLines
func outputLines(n uint32) {
	for i := range n {
		fmt.Println("line", i)
	}
}

// outputForever writes to standard output for ever.
//
//go:wasmexport outputForever
func outputForever() {
	for {
		fmt.Println("still here")
	}
}

// outputBytes writes bytes that are no text: controls, halves of characters, escape sequences.
//
//go:wasmexport outputBytes
func outputBytes() { os.Stdout.Write([]byte("\x00\x1b[31m\xff\xfe\xc3\r\x07\xed\xa0\x80\nend\n")) }

func write(file *os.File, n uint32, chunk string) int64 {
	var sum int64
	for rest := int(n); rest > 0; {
		count, err := file.WriteString(chunk[:min(rest, len(chunk))])
		sum += int64(count)
		if err != nil {
			return sum
		}
		rest -= count
	}
	return sum
}

// openFile tries to read a file that no plugin was granted and reports whether it could.
//
//go:wasmexport openFile
func openFile() bool {
	_, err := os.ReadFile("/etc/passwd")
	return err == nil
}
