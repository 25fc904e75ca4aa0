// Package main is a guest for tests: it imports the functions of an application's own module, of every type that Go can pass.
package main

import (
	"structs"
	"unsafe"
)

func main() {}

type order struct {
	_     structs.HostLayout
	ID    uint64
	Count int32
	Flag  uint8
	Price float64
	Sizes [3]uint16
}

//go:wasmimport pluginhost take
func take(p unsafe.Pointer, n uint32) int64

//go:wasmimport acme scalars
func scalars(b bool, i int32, u uint32, l int64, m uint64, f float32, d float64) float64

//go:wasmimport acme greet
func greet(name string, times int32) int64

//go:wasmimport acme reverse
func reverse(p unsafe.Pointer, n uint32)

//go:wasmimport acme total
func total(o *order) float64

//go:wasmimport acme discount
func discount(o *order, percent int32)

//go:wasmimport acme newest
func newest(o *order) bool

//go:wasmimport acme later
func later(milliseconds int32) int64

//go:wasmimport acme who
func who() int64

//go:wasmimport acme find
func find(key string) int64

//go:wasmimport acme fail
func fail()

func text(length int64) string {
	if length < 0 {
		return ""
	}
	bytes := make([]byte, length)
	take(unsafe.Pointer(unsafe.SliceData(bytes)), uint32(length))
	return string(bytes)
}

// check calls all of them and gives the number of the first step that went wrong, or 0.
//
//go:wasmexport check
func check() int32 {
	if scalars(true, -1, 4294967295, -1<<63, 1<<63, 0.5, 0.25) != 42.5 {
		return 1
	}
	if text(greet("Gräfin", 2)) != "Hello Gräfin! Hello Gräfin! " {
		return 2
	}
	bytes := []byte{1, 2, 3, 4}
	reverse(unsafe.Pointer(unsafe.SliceData(bytes)), 4)
	if bytes[0] != 4 || bytes[3] != 1 {
		return 3
	}
	o := order{ID: 1 << 40, Count: 3, Flag: 7, Price: 2.5}
	if total(&o) != 7.5 {
		return 4
	}
	discount(&o, 10)
	if o.Price != 2.25 || o.ID != 1<<40 || o.Flag != 7 {
		return 5
	}
	if !newest(&o) || o.ID != 1<<50 || o.Count != -5 || o.Flag != 255 || o.Price != 1e300 || o.Sizes[2] != 65535 {
		return 6
	}
	if text(later(20)) != "later" {
		return 7
	}
	if text(who()) != "acme-guest/1/check" {
		return 8
	}
	if text(find("there")) != "found" || find("nowhere") != -1 || find("denied") != -4 {
		return 9
	}
	return 0
}

// wait waits for the host.
//
//go:wasmexport wait
func wait(milliseconds int32) int64 { return later(milliseconds) }

// broken calls a function that throws.
//
//go:wasmexport broken
func broken() { fail() }
