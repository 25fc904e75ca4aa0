// Command faults-init is a reactor that panics while it is initialised.
package main

import "errors"

func main() {}

func init() { panic(errors.New("no configuration was found")) }

// never is an export that can never be called.
//
//go:wasmexport never
func never() int32 { return 1 }
