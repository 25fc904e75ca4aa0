package host

import (
	"runtime"
	"sync"
	"unsafe"
)

// Room for the text of an error, which comes without its length.
const (
	textRoom    = 4 << 10
	problemRoom = 64 << 10
)

// turn keeps a host function and the fetching of its bytes together: between them the collector may let another goroutine run.
var turn sync.Mutex

// failure fetches the text of an error.
func failure(function string, result int64, room int) error {
	text := make([]byte, room)
	length := take(unsafe.Pointer(unsafe.SliceData(text)), uint32(room))
	return &Error{Function: function, Errno: Errno(result), Text: string(text[:max(length, 0)])}
}

// fetch gives the bytes whose length a host function has returned, or its error.
func fetch(function string, result int64, room int) ([]byte, error) {
	if result < 0 {
		return nil, failure(function, result, room)
	}
	bytes := make([]byte, result)
	if result == 0 {
		return bytes, nil // not nil, which is for what is not there
	}
	if length := take(unsafe.Pointer(unsafe.SliceData(bytes)), uint32(result)); length != result {
		return nil, &Error{Function: function, Errno: Failed, Text: "the result was lost, as the invocation ended meanwhile"}
	}
	return bytes, nil
}

// Log adds a line to the plugin's log.
func Log(level int32, message, attributes string) { log(level, message, attributes) }

// Config gives a value of the plugin's configuration.
func Config(key string) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	return fetch("config", configGet(key), textRoom)
}

// Secret gives a secret of the plugin's configuration.
func Secret(key string) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	return fetch("secret", secretGet(key), textRoom)
}

// Now is the time of day in nanoseconds since 1970.
func Now() int64 { return clockNow() }

// Get reads from the store.
func Get(key string) (Value, error) {
	turn.Lock()
	defer turn.Unlock()
	var entry kvEntry
	bytes, err := fetch("kv", kvGet(key, &entry), textRoom)
	return Value{Bytes: bytes, Version: entry.Version}, err
}

// Set writes to the store and gives the new version.
func Set(key, value string) (uint64, error) {
	turn.Lock()
	defer turn.Unlock()
	return version(kvSet(key, value))
}

// CompareAndSwap writes to the store if the version is still that.
func CompareAndSwap(key, value string, expected uint64) (uint64, error) {
	turn.Lock()
	defer turn.Unlock()
	return version(kvCAS(key, value, expected))
}

func version(result int64) (uint64, error) {
	if result < 0 {
		return 0, failure("kv", result, textRoom)
	}
	return uint64(result), nil
}

// Delete removes from the store; a version of 0 is any.
func Delete(key string, expected uint64) error {
	turn.Lock()
	defer turn.Unlock()
	_, err := version(kvDelete(key, expected))
	return err
}

// List gives a JSON array of keys with their versions and lengths.
func List(prefix, after string, limit uint32) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	return fetch("kv", kvList(prefix, after, limit), textRoom)
}

// Send sends a request and gives the answer: the length of its header in four bytes, the header as JSON, the body.
func Send(request *Request) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	result := httpSend(&httpRequest{
		Method: at(request.Method), URL: at(request.URL), Headers: at(request.Headers), Body: at(request.Body),
		TimeoutMilliseconds: request.TimeoutMilliseconds,
	})
	runtime.KeepAlive(request)
	return fetch("http", result, textRoom)
}

// Call calls an export of another plugin. The text of its error is a problem in JSON.
func Call(plugin, export, arguments string) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	return fetch("call", call(plugin, export, arguments), problemRoom)
}

// Invocation describes the running invocation in JSON.
func Invocation() ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	return fetch("invocation", invocation(), textRoom)
}
