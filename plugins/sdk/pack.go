package sdk

import (
	"unsafe"

	"pluginhost.dev/sdk/internal/abi"
)

// PackBytes gives what a function under //go:wasmexport returns in order to return bytes:
//
//	// reverse gives the text backwards.
//	//
//	//go:wasmexport reverse
//	//pluginhost:result string
//	func reverse(text string) uint64 {
//		letters := []rune(text)
//		slices.Reverse(letters)
//		return sdk.PackString(string(letters))
//	}
//
// The host copies the bytes before it calls the instance again, and until then they are kept from the garbage collector. The manifest
// must declare the result, which the directive is for.
func PackBytes(result []byte) uint64 { return abi.Pack(result, false) }

// PackString is PackBytes for a text.
func PackString(result string) uint64 {
	return abi.Pack(unsafe.Slice(unsafe.StringData(result), len(result)), false)
}

// PackJSON is PackBytes for a value that encoding/json encodes. A value that it cannot encode becomes an error of code "invalid-output".
func PackJSON(result any) uint64 {
	text, err := encodeJSON(result)
	return Pack(text, err)
}

// PackError gives what such a function returns in order to fail without ending the instance; see [Error]. A nil error is an empty result.
func PackError(err error) uint64 {
	if err == nil {
		return abi.Pack(nil, false)
	}
	return abi.Pack(encodeError(err), true)
}

// Pack is PackError for an error and PackBytes without one.
func Pack(result []byte, err error) uint64 {
	if err != nil {
		return PackError(err)
	}
	return PackBytes(result)
}
