// Package units has an export of its own.
package units

// Length is a length.
type Length struct {
	Unit string
	Self *Length
}

// double doubles.
//
//go:wasmexport double
func double(value int32) int32 { return 2 * value }
