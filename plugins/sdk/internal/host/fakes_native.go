//go:build !wasip1

package host

import (
	"encoding/binary"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

// Limits of the host's own defaults, which the fakes keep too.
const (
	maximumKey   = 256
	maximumValue = 1 << 20
	maximumList  = 1000
)

// Line is a line of the log.
type Line struct {
	Level               int32
	Message, Attributes string
}

// Fakes are what stands for the host in a plugin's own tests. The lock must be held.
type Fakes struct {
	sync.Mutex
	Config, Secrets map[string]string
	Store           map[string]Value
	Version         uint64
	Lines           []Line
	Now             func() time.Time
	Send            func(*Request) (header, body []byte, err error)
	Call            func(plugin, export string, arguments []byte) ([]byte, error)
	Invocation      []byte
}

// Fake is the one host there is.
var Fake = NewFakes()

// NewFakes gives a host with nothing in it.
func NewFakes() *Fakes {
	return &Fakes{Config: map[string]string{}, Secrets: map[string]string{}, Store: map[string]Value{}, Now: time.Now}
}

func fail(function string, errno Errno, text string) error {
	return &Error{Function: function, Errno: errno, Text: text}
}

// Log adds a line to the log.
func Log(level int32, message, attributes string) {
	Fake.Lock()
	defer Fake.Unlock()
	Fake.Lines = append(Fake.Lines, Line{level, strings.Clone(message), strings.Clone(attributes)})
}

// Config gives a value.
func Config(key string) ([]byte, error) {
	return value("config", func() map[string]string { return Fake.Config }, key)
}

// Secret gives a secret.
func Secret(key string) ([]byte, error) {
	return value("secret", func() map[string]string { return Fake.Secrets }, key)
}

func value(function string, values func() map[string]string, key string) ([]byte, error) {
	Fake.Lock()
	defer Fake.Unlock()
	if text, found := values()[key]; found {
		return []byte(text), nil
	}
	return nil, fail(function, NotFound, "")
}

// Now is the time of day.
func Now() int64 {
	Fake.Lock()
	now := Fake.Now
	Fake.Unlock()
	return now().UnixNano()
}

func validKey(key string) bool {
	return len(key) > 0 && len(key) <= maximumKey && utf8.ValidString(key)
}

// Get reads from the store.
func Get(key string) (Value, error) {
	Fake.Lock()
	defer Fake.Unlock()
	if !validKey(key) {
		return Value{}, fail("kv", InvalidArgument, "A key is UTF-8 of 1 to 256 bytes.")
	}
	found, ok := Fake.Store[key]
	if !ok {
		return Value{}, fail("kv", NotFound, "")
	}
	return Value{slices.Clone(found.Bytes), found.Version}, nil
}

// Set writes to the store.
func Set(key, value string) (uint64, error) { return write(key, value, nil) }

// CompareAndSwap writes to the store if the version is still that.
func CompareAndSwap(key, value string, expected uint64) (uint64, error) {
	return write(key, value, &expected)
}

func write(key, value string, expected *uint64) (uint64, error) {
	Fake.Lock()
	defer Fake.Unlock()
	switch {
	case !validKey(key):
		return 0, fail("kv", InvalidArgument, "A key is UTF-8 of 1 to 256 bytes.")
	case len(value) > maximumValue:
		return 0, fail("kv", LimitReached, "A value has at most 1048576 bytes.")
	case expected != nil && Fake.Store[key].Version != *expected:
		return 0, fail("kv", Conflict, "")
	}
	Fake.Version++
	Fake.Store[key] = Value{[]byte(value), Fake.Version}
	return Fake.Version, nil
}

// Delete removes from the store.
func Delete(key string, expected uint64) error {
	Fake.Lock()
	defer Fake.Unlock()
	found, ok := Fake.Store[key]
	switch {
	case !validKey(key):
		return fail("kv", InvalidArgument, "A key is UTF-8 of 1 to 256 bytes.")
	case !ok:
		return fail("kv", NotFound, "")
	case expected != 0 && found.Version != expected:
		return fail("kv", Conflict, "")
	}
	delete(Fake.Store, key)
	return nil
}

// List gives keys as JSON.
func List(prefix, after string, limit uint32) ([]byte, error) {
	Fake.Lock()
	defer Fake.Unlock()
	if limit == 0 || limit > maximumList {
		limit = maximumList
	}
	type entry struct {
		Key     string `json:"key"`
		Version uint64 `json:"version"`
		Length  int    `json:"length"`
	}
	list := []entry{}
	for _, key := range slices.Sorted(maps.Keys(Fake.Store)) {
		if strings.HasPrefix(key, prefix) && key > after && len(list) < int(limit) {
			list = append(list, entry{key, Fake.Store[key].Version, len(Fake.Store[key].Bytes)})
		}
	}
	return json.Marshal(list)
}

// Send has the test answer a request.
func Send(request *Request) ([]byte, error) {
	Fake.Lock()
	send := Fake.Send
	Fake.Unlock()
	if send == nil {
		return nil, fail("http", Denied, "sdktest.HTTP was not given a function that answers")
	}
	header, body, err := send(request)
	if err != nil {
		return nil, fail("http", Failed, err.Error())
	}
	answer := binary.LittleEndian.AppendUint32(nil, uint32(len(header)))
	return append(append(answer, header...), body...), nil
}

// Call has the test answer for another plugin.
func Call(plugin, export, arguments string) ([]byte, error) {
	Fake.Lock()
	call := Fake.Call
	Fake.Unlock()
	if call == nil {
		return nil, fail("call", Denied, `{"status":403,"code":"forbidden","detail":"sdktest.Plugins was not given a function that answers"}`)
	}
	return call(plugin, export, []byte(arguments))
}

// Invocation describes what the test says.
func Invocation() ([]byte, error) {
	Fake.Lock()
	defer Fake.Unlock()
	if Fake.Invocation == nil {
		return nil, fail("invocation", NotFound, "")
	}
	return slices.Clone(Fake.Invocation), nil
}
