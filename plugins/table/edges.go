package table

import (
	"math"
	"reflect"
	"unsafe"
)

// Edges lists the values of a type at which implementations go wrong.
func Edges(t reflect.Type) []reflect.Value {
	list, known := edges[t.Kind()]
	if !known {
		panic("no edge values for " + t.String())
	}
	return list
}

var edges = map[reflect.Kind][]reflect.Value{
	reflect.Bool:   of(false, true),
	reflect.Int32:  of[int32](0, 1, -1, 2, 7, -7, math.MaxInt32, math.MinInt32, math.MaxInt32-1, math.MinInt32+1, 0x55555555, 65536),
	reflect.Uint32: of[uint32](0, 1, 2, 7, 31, 32, 33, math.MaxInt32, 1<<31, math.MaxUint32, math.MaxUint32-1, 0xaaaaaaaa),
	reflect.Int64: of[int64](0, 1, -1, 7, -7, math.MaxInt32, math.MinInt32, 1<<32, 1<<53+1, -(1<<53 + 1),
		math.MaxInt64, math.MinInt64, math.MaxInt64-1, math.MinInt64+1),
	reflect.Uint64:  of[uint64](0, 1, 7, 63, 64, math.MaxUint32, 1<<32, 1<<53+1, math.MaxInt64, 1<<63, math.MaxUint64, math.MaxUint64-1),
	reflect.Uintptr: of[uintptr](0, 1, 4096, math.MaxInt32, 1<<31, math.MaxUint32),
	// Addresses of no heap arena: a collection that met a pointer into a free span would rightly complain.
	reflect.UnsafePointer: of(address(0), address(64), address(0xfffff000)),
	reflect.Float32:       floats32(),
	reflect.Float64:       floats64(),
}

func address(a uintptr) unsafe.Pointer { return *(*unsafe.Pointer)(unsafe.Pointer(&a)) }

func of[T any](values ...T) []reflect.Value {
	list := make([]reflect.Value, len(values))
	for i, value := range values {
		list[i] = reflect.ValueOf(value)
	}
	return list
}

func floats32() []reflect.Value {
	bits := []uint32{
		0x00000000, 0x80000000, // zeros
		0x3f800000, 0xbf800000, 0x3fc00000, 0x40490fdb, 0x4b800001, 0xdf000000, // 1, -1, 1.5, pi, 2^24+2, -2^63
		0x7f7fffff, 0xff7fffff, // the largest
		0x00800000, 0x00000001, 0x807fffff, // the smallest normal, the smallest and the largest subnormal
		0x7f800000, 0xff800000, // infinities
		0x7fc00000, 0xffc00000, 0x7fc00001, 0x7fffffff, // quiet NaNs
		0x7f800001, 0x7fa00000, 0xffbfffff, // signalling NaNs
	}
	list := make([]reflect.Value, len(bits))
	for i, b := range bits {
		list[i] = reflect.ValueOf(math.Float32frombits(b))
	}
	return list
}

func floats64() []reflect.Value {
	bits := []uint64{
		0x0000000000000000, 0x8000000000000000, // zeros
		0x3ff0000000000000, 0xbff0000000000000, 0x3ff8000000000000, 0x400921fb54442d18, // 1, -1, 1.5, pi
		0x4340000000000001, 0xc3e0000000000000, 0x43e0000000000000, // 2^53+2, -2^63, 2^63
		0x7fefffffffffffff, 0xffefffffffffffff, // the largest
		0x0010000000000000, 0x0000000000000001, 0x800fffffffffffff, // the smallest normal, subnormals
		0x7ff0000000000000, 0xfff0000000000000, // infinities
		0x7ff8000000000000, 0xfff8000000000000, 0x7ff8000000000001, 0x7fffffffffffffff, // quiet NaNs
		0x7ff0000000000001, 0x7ff4000000000000, 0xfff7ffffffffffff, // signalling NaNs
	}
	list := make([]reflect.Value, len(bits))
	for i, b := range bits {
		list[i] = reflect.ValueOf(math.Float64frombits(b))
	}
	return list
}
