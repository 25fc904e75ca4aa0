//go:build !wasip1

package main

//go:wasmexport native
func native() int32 { return 0 }
