//go:build !wasip1

package main

import (
	"math"
	"os"

	"pluginhost.example/table"
)

// main prints what native Go answers for every edge value.
func main() {
	t := table.New("calc")
	t.ExactEdges("add", add)
	t.ExactEdges("addU32", addU32)
	t.ExactEdges("add64", add64)
	t.ExactEdges("addU64", addU64)
	t.ExactEdges("sub", sub)
	t.ExactEdges("mul", mul)
	t.ExactEdges("mul64", mul64)
	t.ExactEdges("xor", xor)
	t.ExactEdges("shiftLeft", shiftLeft)
	t.ExactEdges("shiftRight", shiftRight)
	t.ExactEdges("not", not)
	t.ExactEdges("and", and)
	t.ExactEdges("less", less)
	t.ExactEdges("lessU64", lessU64)
	t.ExactEdges("lessF64", lessF64)
	t.ExactEdges("equalF32", equalF32)
	t.ExactEdges("int64ToF64", int64ToF64)
	t.ExactEdges("uint64ToF64", uint64ToF64)
	t.ExactEdges("int64ToF32", int64ToF32)
	t.ExactEdges("bitsOfF64", bitsOfF64)
	t.ExactEdges("bitsOfF32", bitsOfF32)
	t.ExactEdges("copysign", copysign)
	t.ExactEdges("echoBool", echoBool)
	t.ExactEdges("echoI32", echoI32)
	t.ExactEdges("echoU32", echoU32)
	t.ExactEdges("echoI64", echoI64)
	t.ExactEdges("echoU64", echoU64)
	t.ExactEdges("echoF32", echoF32)
	t.ExactEdges("echoF64", echoF64)
	t.ExactEdges("echoUintptr", echoUintptr)
	t.ExactEdges("echoPointer", echoPointer)
	t.ExactEdges("noop", noop)
	t.ExactEdges("answer", answer)
	t.ArithmeticEdges("addF32", addF32)
	t.ArithmeticEdges("subF32", subF32)
	t.ArithmeticEdges("mulF32", mulF32)
	t.ArithmeticEdges("divF32", divF32)
	t.ArithmeticEdges("addF64", addF64)
	t.ArithmeticEdges("subF64", subF64)
	t.ArithmeticEdges("mulF64", mulF64)
	t.ArithmeticEdges("divF64", divF64)
	t.ArithmeticEdges("sqrt", sqrt)
	t.ArithmeticEdges("floor", floor)
	t.ArithmeticEdges("ceil", ceil)
	t.ArithmeticEdges("trunc", trunc)
	t.ArithmeticEdges("roundToEven", roundToEven)
	t.ArithmeticEdges("demote", demote)
	t.ArithmeticEdges("promote", promote)
	divisions(t)
	t.Exact("ignore", ignore, int32(1), int64(2), float32(3), float64(4))
	t.Exact("sum15", sum15, int64(1), int64(2), int64(3), int64(4), int64(5), int64(6), int64(7), int64(8), int64(9),
		int64(10), int64(11), int64(12), int64(13), int64(14), int64(15))
	t.Exact("sum15", sum15, int64(math.MinInt64), int64(-1), int64(3), int64(math.MaxInt64), int64(5), int64(6), int64(-7), int64(8), int64(9),
		int64(10), int64(11), int64(12), int64(13), int64(14), int64(15))
	t.Exact("mix", mix, false, int32(math.MinInt32), uint32(math.MaxUint32), int64(-3), uint64(math.MaxUint64), float32(0.5), 0.25, uintptr(1<<31))
	t.Exact("mix", mix, true, int32(-1), uint32(2), int64(math.MinInt64), uint64(7), float32(-1.5), 1e10, uintptr(9))
	t.Write(os.Stdout)
}

// divisions leaves out the divisor 0, which panics.
func divisions(t *table.Table) {
	for _, a := range []int32{0, 1, -1, 7, -7, math.MaxInt32, math.MinInt32} {
		for _, b := range []int32{1, -1, 2, -2, 7, math.MaxInt32, math.MinInt32} {
			t.Exact("div", div, a, b)
			t.Exact("rem", rem, a, b)
		}
	}
	for _, a := range []uint32{0, 1, 7, 1 << 31, math.MaxUint32} {
		for _, b := range []uint32{1, 2, 7, 1 << 31, math.MaxUint32} {
			t.Exact("divU32", divU32, a, b)
		}
	}
	for _, a := range []int64{0, 1, -1, 7, -7, 1 << 40, math.MaxInt64, math.MinInt64} {
		for _, b := range []int64{1, -1, 2, -2, 10, 1 << 33, math.MaxInt64, math.MinInt64} {
			t.Exact("div64", div64, a, b)
			t.Exact("rem64", rem64, a, b)
		}
	}
	for _, a := range []uint64{0, 1, 7, 1 << 63, math.MaxUint64} {
		for _, b := range []uint64{1, 2, 10, 1 << 63, math.MaxUint64} {
			t.Exact("divU64", divU64, a, b)
			t.Exact("remU64", remU64, a, b)
		}
	}
}
