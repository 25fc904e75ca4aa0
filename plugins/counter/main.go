// Command counter is a reactor that keeps a number between calls, in the memory of its instance.
package main

// total belongs to the instance: a host that spreads calls over several instances spreads the count too.
var total int64

// increment adds one and returns the new total.
//
//go:wasmexport increment
func increment() int64 { return add(1) }

// add adds n and returns the new total.
//
//go:wasmexport add
func add(n int64) int64 {
	total += n
	return total
}

// get returns the total.
//
//go:wasmexport get
func get() int64 { return total }

// reset sets the total back to zero.
//
//go:wasmexport reset
func reset() { total = 0 }
