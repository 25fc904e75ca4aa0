// Command calc is a reactor whose exports take and give every scalar type that go:wasmexport knows.
package main

import (
	"math"
	"unsafe"
)

// add returns a+b, wrapping around as Go does.
//
//go:wasmexport add
func add(a, b int32) int32 { return a + b }

// addU32 returns a+b of unsigned numbers.
//
//go:wasmexport addU32
func addU32(a, b uint32) uint32 { return a + b }

// add64 returns a+b of 64-bit numbers.
//
//go:wasmexport add64
func add64(a, b int64) int64 { return a + b }

// addU64 returns a+b of unsigned 64-bit numbers.
//
//go:wasmexport addU64
func addU64(a, b uint64) uint64 { return a + b }

// addF32 returns a+b of single-precision numbers.
//
//go:wasmexport addF32
func addF32(a, b float32) float32 { return a + b }

// addF64 returns a+b of double-precision numbers.
//
//go:wasmexport addF64
func addF64(a, b float64) float64 { return a + b }

// sub returns a-b.
//
//go:wasmexport sub
func sub(a, b int32) int32 { return a - b }

// mul returns a*b.
//
//go:wasmexport mul
func mul(a, b int32) int32 { return a * b }

// mul64 returns a*b of 64-bit numbers.
//
//go:wasmexport mul64
func mul64(a, b int64) int64 { return a * b }

// div returns a/b truncated toward zero; b = 0 panics.
//
//go:wasmexport div
func div(a, b int32) int32 { return a / b }

// rem returns the remainder of a/b, with the sign of a; b = 0 panics.
//
//go:wasmexport rem
func rem(a, b int32) int32 { return a % b }

// divU32 returns a/b of unsigned numbers; b = 0 panics.
//
//go:wasmexport divU32
func divU32(a, b uint32) uint32 { return a / b }

// div64 returns a/b of 64-bit numbers; b = 0 panics.
//
//go:wasmexport div64
func div64(a, b int64) int64 { return a / b }

// rem64 returns the remainder of a/b of 64-bit numbers; b = 0 panics.
//
//go:wasmexport rem64
func rem64(a, b int64) int64 { return a % b }

// divU64 returns a/b of unsigned 64-bit numbers; b = 0 panics.
//
//go:wasmexport divU64
func divU64(a, b uint64) uint64 { return a / b }

// remU64 returns the remainder of a/b of unsigned 64-bit numbers; b = 0 panics.
//
//go:wasmexport remU64
func remU64(a, b uint64) uint64 { return a % b }

// subF32 returns a-b of single-precision numbers.
//
//go:wasmexport subF32
func subF32(a, b float32) float32 { return a - b }

// mulF32 returns a*b of single-precision numbers.
//
//go:wasmexport mulF32
func mulF32(a, b float32) float32 { return a * b }

// divF32 returns a/b of single-precision numbers.
//
//go:wasmexport divF32
func divF32(a, b float32) float32 { return a / b }

// subF64 returns a-b of double-precision numbers.
//
//go:wasmexport subF64
func subF64(a, b float64) float64 { return a - b }

// mulF64 returns a*b of double-precision numbers.
//
//go:wasmexport mulF64
func mulF64(a, b float64) float64 { return a * b }

// divF64 returns a/b of double-precision numbers.
//
//go:wasmexport divF64
func divF64(a, b float64) float64 { return a / b }

// sqrt returns the square root of x.
//
//go:wasmexport sqrt
func sqrt(x float64) float64 { return math.Sqrt(x) }

// floor returns the greatest integer that is not above x.
//
//go:wasmexport floor
func floor(x float64) float64 { return math.Floor(x) }

// ceil returns the least integer that is not below x.
//
//go:wasmexport ceil
func ceil(x float64) float64 { return math.Ceil(x) }

// trunc returns x without its fraction.
//
//go:wasmexport trunc
func trunc(x float64) float64 { return math.Trunc(x) }

// roundToEven returns the integer nearest to x, the even one of two.
//
//go:wasmexport roundToEven
func roundToEven(x float64) float64 { return math.RoundToEven(x) }

// copysign returns x with the sign of y.
//
//go:wasmexport copysign
func copysign(x, y float64) float64 { return math.Copysign(x, y) }

// shiftLeft returns x moved left by n bits; 64 and more give 0.
//
//go:wasmexport shiftLeft
func shiftLeft(x int64, n uint32) int64 { return x << n }

// shiftRight returns x moved right by n bits, keeping the sign.
//
//go:wasmexport shiftRight
func shiftRight(x int64, n uint32) int64 { return x >> n }

// xor returns a^b.
//
//go:wasmexport xor
func xor(a, b uint64) uint64 { return a ^ b }

// not returns the other truth value.
//
//go:wasmexport not
func not(x bool) bool { return !x }

// and reports whether both are true.
//
//go:wasmexport and
func and(a, b bool) bool { return a && b }

// less reports whether a < b.
//
//go:wasmexport less
func less(a, b int64) bool { return a < b }

// lessU64 reports whether a < b as unsigned numbers.
//
//go:wasmexport lessU64
func lessU64(a, b uint64) bool { return a < b }

// lessF64 reports whether a < b; NaN is less than nothing.
//
//go:wasmexport lessF64
func lessF64(a, b float64) bool { return a < b }

// equalF32 reports whether a == b; NaN equals nothing.
//
//go:wasmexport equalF32
func equalF32(a, b float32) bool { return a == b }

// demote returns x in single precision.
//
//go:wasmexport demote
func demote(x float64) float32 { return float32(x) }

// promote returns x in double precision.
//
//go:wasmexport promote
func promote(x float32) float64 { return float64(x) }

// int64ToF64 returns the double nearest to x.
//
//go:wasmexport int64ToF64
func int64ToF64(x int64) float64 { return float64(x) }

// uint64ToF64 returns the double nearest to x.
//
//go:wasmexport uint64ToF64
func uint64ToF64(x uint64) float64 { return float64(x) }

// int64ToF32 returns the single-precision number nearest to x.
//
//go:wasmexport int64ToF32
func int64ToF32(x int64) float32 { return float32(x) }

// bitsOfF64 returns the bit pattern of x.
//
//go:wasmexport bitsOfF64
func bitsOfF64(x float64) uint64 { return math.Float64bits(x) }

// bitsOfF32 returns the bit pattern of x.
//
//go:wasmexport bitsOfF32
func bitsOfF32(x float32) uint32 { return math.Float32bits(x) }

// echoBool returns its argument.
//
//go:wasmexport echoBool
func echoBool(x bool) bool { return x }

// echoI32 returns its argument.
//
//go:wasmexport echoI32
func echoI32(x int32) int32 { return x }

// echoU32 returns its argument.
//
//go:wasmexport echoU32
func echoU32(x uint32) uint32 { return x }

// echoI64 returns its argument.
//
//go:wasmexport echoI64
func echoI64(x int64) int64 { return x }

// echoU64 returns its argument.
//
//go:wasmexport echoU64
func echoU64(x uint64) uint64 { return x }

// echoF32 returns its argument bit by bit, NaNs included.
//
//go:wasmexport echoF32
func echoF32(x float32) float32 { return x }

// echoF64 returns its argument bit by bit, NaNs included.
//
//go:wasmexport echoF64
func echoF64(x float64) float64 { return x }

// echoUintptr returns its argument; a uintptr travels as 32 bits.
//
//go:wasmexport echoUintptr
func echoUintptr(x uintptr) uintptr { return x }

// echoPointer returns its argument, an address that is never followed.
//
//go:wasmexport echoPointer
func echoPointer(x unsafe.Pointer) unsafe.Pointer { return x }

// noop takes and gives nothing.
//
//go:wasmexport noop
func noop() {}

// answer takes nothing and returns 42.
//
//go:wasmexport answer
func answer() int32 { return 42 }

// ignore takes one of each kind and gives nothing.
//
//go:wasmexport ignore
func ignore(a int32, b int64, c float32, d float64) {}

// sum15 adds as many 64-bit numbers as an export with a result can take.
//
//go:wasmexport sum15
func sum15(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o int64) int64 {
	return a + 2*b + 3*c + 4*d + 5*e + 6*f + 7*g + 8*h + 9*i + 10*j + 11*k + 12*l + 13*m + 14*n + 15*o
}

// mix adds one number of every type.
//
//go:wasmexport mix
func mix(a bool, b int32, c uint32, d int64, e uint64, f float32, g float64, h uintptr) float64 {
	sum := float64(b) + float64(c) + float64(d) + float64(e) + float64(f) + g + float64(h)
	if a {
		return -sum
	}
	return sum
}
