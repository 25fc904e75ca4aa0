package main

// fib returns the n-th Fibonacci number by the definition: calls and additions.
//
//go:wasmexport fib
func fib(n int32) int64 {
	if n < 2 {
		return int64(n)
	}
	return fib(n-1) + fib(n-2)
}
