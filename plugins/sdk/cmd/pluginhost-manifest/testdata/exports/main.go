// Package main has an export for everything that go:wasmexport takes.
//
// It has two paragraphs.
package main

import (
	"encoding/json"
	"unsafe"

	"pluginhost.dev/sdk"
)

func main() {}

type celsius float64

type flag bool

// Everything takes every scalar.
//
// And it has a list:
//   - one
//   - two
//
//go:wasmexport everything
func Everything(a bool, b int32, c rune, d uint32, e int64, f uint64, g float32, h float64, i uintptr, j unsafe.Pointer, k *[4]uint8, l string, m celsius, n flag) celsius {
	return m
}

//go:wasmexport none
func none() {}

// unnamed has parameters without names.
//
//go:wasmexport unnamed-parameters
func unnamed(int32, string) bool { return false }

// blank has one that is not used.
//
//go:wasmexport blank
func blank(_ int32, second uint32) uint32 { return second }

// texts has strings of every meaning.
//
//go:wasmexport texts
//pluginhost:param data bytes
//pluginhost:param order json Order
//pluginhost:param any json
//pluginhost:result bytes
//pluginhost:content-type image/png
func texts(plain, data, order, any string) uint64 {
	return sdk.PackBytes([]byte(data))
}

// pointers has pointers with their lengths behind them.
//
//pluginhost:param p bytes
//pluginhost:param q json map[string][]Order
//pluginhost:param r string
//pluginhost:result json []Order
//go:wasmexport pointers
func pointers(a int32, p unsafe.Pointer, n uint32, q *byte, qn int32, r *byte, rn uint32, z bool) uint64 {
	return sdk.PackJSON([]Order{})
}

// raw has JSON of another package's type.
//
//go:wasmexport raw

//pluginhost:result json json.RawMessage

func raw() uint64 { return sdk.PackJSON(json.RawMessage("1")) }

// Order is what is ordered.
type Order struct {
	Item string `json:"item"`
}

//go:wasmexport pluginhost_reserved
func reserved() {}

// notExported has a comment that only looks like a directive: go:wasmexport x.
func notExported() {}
