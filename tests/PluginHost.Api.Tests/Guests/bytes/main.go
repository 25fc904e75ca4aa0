// Command bytes takes and gives strings and bytes with nothing but Go, and does with them what a plugin should and should not.
package main

import (
	"runtime"
	"strings"
	"unsafe"
)

func main() {}

// result keeps what was given last from the garbage collector.
var result string

func pack(text string) uint64 {
	result = text
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(text))))<<32 | uint64(len(text))
}

var (
	kept   string
	cloned []string
	rest   = map[string]int{}
)

//go:wasmexport length
func length(text string) int32 { return int32(len(text)) }

// keep keeps the host's own memory, which is wrong.
//
//go:wasmexport keep
func keep(text string) { kept = text }

//go:wasmexport kept
func readKept() uint64 { return pack(kept) }

//go:wasmexport clone
func clone(text string) int32 {
	cloned = append(cloned, strings.Clone(text))
	rest[cloned[len(cloned)-1]]++
	return int32(len(cloned))
}

//go:wasmexport cloned
func readCloned(index uint32) uint64 { return pack(cloned[index]) }

//go:wasmexport slice
func slice(text string, from, to uint32) uint64 { return pack(text[from:to]) }

// upper changes its argument and gives it back.
//
//go:wasmexport upper
func upper(data *byte, length uint32) uint64 {
	for i, b := range unsafe.Slice(data, length) {
		if 'a' <= b && b <= 'z' {
			unsafe.Slice(data, length)[i] = b - 32
		}
	}
	return uint64(uintptr(unsafe.Pointer(data)))<<32 | uint64(length)
}

//go:wasmexport join
func join(a string, data *byte, length uint32, number int32, c string) uint64 {
	return pack(a + "|" + string(unsafe.Slice(data, length)) + "|" + string(rune('0'+number)) + "|" + c)
}

//go:wasmexport addresses
func addresses(a, b string) uint64 {
	return uint64(uintptr(unsafe.Pointer(unsafe.StringData(a))))<<32 | uint64(uintptr(unsafe.Pointer(unsafe.StringData(b))))
}

// churn collects garbage while its argument is in use.
//
//go:wasmexport churn
func churn(text string) uint64 {
	var parts []string
	for i := 0; i < len(text); i++ {
		parts = append(parts, strings.Repeat(text[i:i+1], 1000)[999:])
		if i%100 == 0 {
			runtime.GC()
		}
	}
	return pack(strings.Join(parts, ""))
}

// lie says that its result is wherever it is told.
//
//go:wasmexport lie
func lie(bits uint64) uint64 { return bits }

//go:wasmexport fail
func fail(text string) uint64 { return pack(text) | 1<<31 }

//go:wasmexport echo
func echo(text string) uint64 { return pack(text) }

//go:wasmexport repeat
func repeat(text string, times int32) uint64 { return pack(strings.Repeat(text, int(times))) }

//go:wasmexport not
func not(b bool) bool { return !b }

//go:wasmexport same32
func same32(n uint32) uint32 { return n }

//go:wasmexport same64
func same64(n uint64) uint64 { return n }

//go:wasmexport subtract
func subtract(minuend, subtrahend int32) int32 { return minuend - subtrahend }

//go:wasmexport pluginhost_secret
func secret() int32 { return 42 }
