// Package host calls the functions of the host's module "pluginhost". Built for any other system than wasip1 they are fakes in memory.
package host

import (
	"strconv"
)

// Errno is what a host function gives in place of a length or a value.
type Errno int64

// The errors of the contract.
const (
	NotFound        Errno = -1
	Conflict        Errno = -2
	LimitReached    Errno = -3
	Denied          Errno = -4
	InvalidArgument Errno = -5
	Failed          Errno = -6
	Deadline        Errno = -7
)

// Error says what the number stands for.
func (e Errno) Error() string {
	switch e {
	case NotFound:
		return "not found"
	case Conflict:
		return "conflict"
	case LimitReached:
		return "a limit is reached"
	case Denied:
		return "not granted by the plugin's configuration"
	case InvalidArgument:
		return "invalid argument"
	case Failed:
		return "failed"
	case Deadline:
		return "the time is over"
	}
	return "error " + strconv.FormatInt(int64(e), 10)
}

// Error is a host function that failed. It is its Errno to errors.Is.
type Error struct {
	Function string
	Errno    Errno
	Text     string
}

// Error is the host's text, or what its number stands for.
func (e *Error) Error() string {
	text := e.Text
	if text == "" {
		text = e.Errno.Error()
	}
	return e.Function + ": " + text
}

// Unwrap makes errors.Is work with an Errno.
func (e *Error) Unwrap() error { return e.Errno }

// Value is what the key-value store has under a key.
type Value struct {
	Bytes   []byte
	Version uint64
}

// Request is what goes out over HTTP. The headers are a JSON object of arrays.
type Request struct {
	Method, URL, Headers, Body string
	TimeoutMilliseconds        uint32
}
