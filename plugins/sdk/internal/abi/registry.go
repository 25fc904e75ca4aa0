// Package abi is the guest's side of ABI 1 as far as it needs no host function: the registered handlers, the buffer that arguments come in, and the form of results.
package abi

import "strconv"

// Kind is what a handler takes or gives.
type Kind string

// What the host knows to send and to receive.
const (
	JSON  Kind = "json"
	Bytes Kind = "bytes"
)

// Limits of the contract, which the host checks too.
const (
	MaximumHandlers = 256
	MaximumName     = 128
	MaximumCode     = 64
)

// Handler is a registered function.
type Handler struct {
	Name          string
	Input, Output Kind
	Run           func(input []byte) ([]byte, error)
}

var (
	handlers  []Handler
	described bool
)

// Register adds a handler, whose index is how many there were before.
func Register(handler Handler) {
	switch {
	case described:
		panic("sdk: handler " + handler.Name + " is registered too late: do it in an init function")
	case !ValidName(handler.Name):
		panic("sdk: " + strconv.Quote(handler.Name) + " cannot name a handler: 1 to 128 letters, digits, '_', '-' and '.', not beginning with \"pluginhost_\"")
	case len(handlers) == MaximumHandlers:
		panic("sdk: more than 256 handlers")
	}
	for _, other := range handlers {
		if other.Name == handler.Name {
			panic("sdk: two handlers are named " + handler.Name)
		}
	}
	handlers = append(handlers, handler)
}

// Handlers are those registered so far.
func Handlers() []Handler { return handlers }

// Describe gives the list that the host asks for after _initialize. There must be no other handlers afterwards.
func Describe() []byte {
	described = true
	text := []byte{'['}
	for i, handler := range handlers {
		if i > 0 {
			text = append(text, ',')
		}
		text = append(text, `{"name":"`...)
		text = append(text, handler.Name...)
		text = append(text, `","input":"`...)
		text = append(text, handler.Input...)
		text = append(text, `","output":"`...)
		text = append(text, handler.Output...)
		text = append(text, `"}`...)
	}
	return append(text, ']')
}

// Run calls a handler by its index. The host knows how many there are, so any other index is its bug.
func Run(index uint32, input []byte) ([]byte, error) {
	if uint64(index) >= uint64(len(handlers)) {
		panic("sdk: there is no handler " + strconv.FormatUint(uint64(index), 10))
	}
	return handlers[index].Run(input)
}
