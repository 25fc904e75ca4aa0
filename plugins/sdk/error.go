package sdk

import (
	"encoding/json"
	"errors"
	"fmt"

	"pluginhost.dev/sdk/internal/abi"
)

// Error is an error with a code for programs and details for people. A handler that returns one, wrapped or not, gives its caller a problem
// with status 422 whose detail is the message, and whose members pluginCode and pluginDetails are the rest. Any other error
// gives its text alone.
type Error struct {
	// Code is in lower-case-kebab form and at most 64 bytes long, such as "out-of-stock". Any other code is left out.
	Code string
	// Message says what went wrong in a sentence for the caller.
	Message string
	// Details is any JSON value, or empty. What is not JSON is left out.
	Details json.RawMessage
}

// Errorf returns an Error whose message is formatted as by fmt.Sprintf.
func Errorf(code, format string, arguments ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, arguments...)}
}

// With returns the error with details, anything that encoding/json can encode; what it cannot is described by a text.
func (e *Error) With(details any) *Error {
	encoded, err := json.Marshal(details)
	if err != nil {
		encoded, _ = json.Marshal("details: " + err.Error())
	}
	return &Error{Code: e.Code, Message: e.Message, Details: encoded}
}

// Error is the message, after the code if there is one.
func (e *Error) Error() string {
	if e.Code == "" {
		return e.Message
	}
	return e.Code + ": " + e.Message
}

// encodeError gives the JSON object that stands for an error on the wire. It does without json.Marshal, which would
// make every module larger by half a megabyte.
func encodeError(err error) []byte {
	var failure *Error
	message := ""
	switch {
	case !errors.As(err, &failure):
		failure, message = &Error{}, err.Error()
	case failure == nil:
		failure, message = &Error{}, "the handler returned a nil *sdk.Error, which is an error to Go"
	default:
		message = failure.Message
	}
	if message == "" {
		message = "the handler failed"
	}
	text := abi.AppendString([]byte(`{"message":`), message)
	if abi.ValidCode(failure.Code) {
		text = abi.AppendString(append(text, `,"code":`...), failure.Code)
	}
	if len(failure.Details) > 0 && json.Valid(failure.Details) {
		text = append(append(text, `,"details":`...), failure.Details...)
	}
	return append(text, '}')
}
