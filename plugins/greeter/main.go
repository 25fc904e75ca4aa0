// Command greeter has strings and bytes in and out with nothing but Go: its exports take strings as they are, and give texts in the packed form.
package main

import (
	"strconv"
	"strings"
	"unsafe"
)

func main() {} // never runs

// result keeps the last result from the garbage collector until the next call: the host copies it before.
var result string

// pack gives pointer and length in 64 bits.
func pack(text string) uint64 {
	result = text
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(text))))<<32 | uint64(len(text))
}

// Greet greets a name as many times as it is told, at most a hundred times.
//
//go:wasmexport greet
//pluginhost:result string
func Greet(name string, times int32) uint64 {
	return pack(strings.TrimSuffix(strings.Repeat("Hello, "+name+"! ", int(min(max(times, 0), 100))), " "))
}

// length says how many bytes a text has.
//
//go:wasmexport length
func length(text string) int32 { return int32(len(text)) }

var remembered []string

// Remember keeps a text and says how many are kept. The text is the host's memory, valid for this call only: hence the clone.
//
//go:wasmexport remember
func Remember(text string) int32 {
	if len(remembered) < 1000 {
		remembered = append(remembered, strings.Clone(text))
	}
	return int32(len(remembered))
}

// Recall gives back a kept text, counted from 0; an index that is not kept is an error of the packed form.
//
//go:wasmexport recall
//pluginhost:result string
func Recall(index uint32) uint64 {
	if int(index) >= len(remembered) {
		const failed = 1 << 31
		return pack(`{"message":"only `+strconv.Itoa(len(remembered))+` texts are kept","code":"not-kept"}`) | failed
	}
	return pack(remembered[index])
}

// Sum adds the bytes of a buffer, which is a pointer and a length in Go.
//
//go:wasmexport sum
//pluginhost:param data bytes
func Sum(data *byte, length uint32) uint64 {
	sum := uint64(0)
	for _, b := range unsafe.Slice(data, length) {
		sum += uint64(b)
	}
	return sum
}
