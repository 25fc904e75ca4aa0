package sdk

import (
	"bytes"
	"encoding/json"
	"errors"

	"pluginhost.dev/sdk/internal/abi"
)

// keptCapacity is how large a buffer may be that is kept for the next call.
const keptCapacity = 1 << 20

// Bytes registers a handler that takes a whole body and gives one. Call it from an init function.
//
// The input is the host's own buffer: it may be read, changed, and returned as the output or part of it, all without a copy, but it is valid only until
// the handler returns. What is kept for later calls must be cloned (bytes.Clone). The output is read before the next call of
// the instance, and may be memory that is used again then.
//
// The name is what the handler is called by in paths: 1 to 128 letters, digits, '_', '-' and '.', not beginning with "pluginhost_". Bytes panics
// when the name is another or taken, when there are 256 handlers already, and when the host has asked for the handlers.
func Bytes(name string, handler func(input []byte) ([]byte, error)) {
	if handler == nil {
		panic("sdk: handler " + name + " is nil")
	}
	abi.Register(abi.Handler{Name: name, Input: abi.Bytes, Output: abi.Bytes, Run: handler})
}

// JSON registers a handler from one JSON value to another. Call it from an init function. The rules for its name are those of [Bytes].
//
// The input is decoded and the output encoded by encoding/json, with the struct tags it knows; '<', '>' and '&' are not escaped. A request that
// does not fit In is answered with an error of code "invalid-input", before the handler is called; members that In lacks are ignored.
// Nothing that the handler is given is shared with later calls.
func JSON[In, Out any](name string, handler func(input In) (Out, error)) {
	if handler == nil {
		panic("sdk: handler " + name + " is nil")
	}
	abi.Register(abi.Handler{Name: name, Input: abi.JSON, Output: abi.JSON, Run: func(input []byte) ([]byte, error) {
		var in In
		if err := json.Unmarshal(input, &in); err != nil {
			return nil, invalidInput(err)
		}
		out, err := handler(in)
		if err != nil {
			return nil, err
		}
		return encodeJSON(out)
	}})
}

// encoded is where results are encoded, one after another.
var encoded bytes.Buffer

func encodeJSON(value any) ([]byte, error) {
	if encoded.Cap() > keptCapacity {
		encoded = bytes.Buffer{}
	}
	encoded.Reset()
	encoder := json.NewEncoder(&encoded)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, &Error{Code: "invalid-output", Message: err.Error()}
	}
	return bytes.TrimSuffix(encoded.Bytes(), []byte("\n")), nil
}

// invalidInput says where in the request the value stands that does not fit.
func invalidInput(err error) error {
	failure := &Error{Code: "invalid-input", Message: err.Error()}
	var mismatch *json.UnmarshalTypeError
	if errors.As(err, &mismatch) && mismatch.Field != "" {
		failure.Details = append(abi.AppendString([]byte(`{"field":`), mismatch.Field), '}')
	}
	return failure
}
