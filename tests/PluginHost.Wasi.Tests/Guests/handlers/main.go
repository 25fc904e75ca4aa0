// Command handlers is a guest for tests of the SDK: handlers, and beside them what the same takes without the SDK.
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"runtime"
	"slices"
	"unsafe"

	"pluginhost.dev/sdk"
)

func main() {}

// Item is part of an order.
type Item struct {
	Name  string   `json:"name"`
	Price float64  `json:"price"`
	Tags  []string `json:"tags"`
}

// Order is what the JSON handlers take and give.
type Order struct {
	ID    int64  `json:"id"`
	Items []Item `json:"items"`
}

func init() {
	sdk.Bytes("echo", func(input []byte) ([]byte, error) { return input, nil })
	sdk.Bytes("reverse", func(input []byte) ([]byte, error) {
		slices.Reverse(input) // in the host's buffer
		return input, nil
	})
	sdk.Bytes("fail", func(input []byte) ([]byte, error) {
		return nil, sdk.Errorf("no-luck", "cannot take %q", input).With(map[string]int{"length": len(input)})
	})
	sdk.Bytes("panic", func([]byte) ([]byte, error) { panic("no more") })
	sdk.Bytes("keep", func(input []byte) ([]byte, error) {
		kept = append(kept, input)
		cloned = append(cloned, bytes.Clone(input))
		return nil, nil
	})
	sdk.Bytes("kept", func([]byte) ([]byte, error) { return slices.Concat(kept...), nil })
	sdk.Bytes("cloned", func([]byte) ([]byte, error) { return slices.Concat(cloned...), nil })
	sdk.Bytes("collect", func(input []byte) ([]byte, error) {
		result := bytes.Clone(input)
		for range 100 {
			garbage = make([]byte, 100_000)
		}
		runtime.GC()
		return result, nil
	})
	sdk.JSON("order", func(order Order) (Order, error) { return order, nil })
	sdk.JSON("reject", func(Order) (Order, error) { return Order{}, errors.New("rejected") })
}

var (
	kept, cloned [][]byte
	garbage      []byte
	result       []byte
)

func pack(bytes []byte) uint64 {
	result = bytes
	return uint64(uintptr(unsafe.Pointer(unsafe.SliceData(bytes))))<<32 | uint64(len(bytes))
}

//go:wasmexport bareEcho
func bareEcho(input unsafe.Pointer, length uint32) uint64 {
	return pack(unsafe.Slice((*byte)(input), length))
}

//go:wasmexport bareOrder
func bareOrder(input unsafe.Pointer, length uint32) uint64 {
	var order Order
	if json.Unmarshal(unsafe.Slice((*byte)(input), length), &order) != nil {
		return 0
	}
	text, err := json.Marshal(order)
	if err != nil {
		return 0
	}
	return pack(text)
}

//go:wasmexport shout
func shout(text string) uint64 { return sdk.PackString(string(bytes.ToUpper([]byte(text)))) }

//go:wasmexport refuse
func refuse(text string) uint64 { return sdk.PackError(sdk.Errorf("refused", "not %s", text)) }

//go:wasmexport sdkString
func sdkString(text string) uint64 { return sdk.PackString(text) }

//go:wasmexport bareString
func bareString(text string) uint64 {
	return pack(unsafe.Slice(unsafe.StringData(text), len(text)))
}
