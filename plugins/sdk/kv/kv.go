// Package kv is the plugin's key-value store. It needs the grant "kv".
//
//	entry, err := kv.Get("visits")
//	if errors.Is(err, kv.ErrNotFound) {
//		...
//	}
//
// All instances and versions of a plugin share one store, and no other plugin sees it. What a function has written is on the host's disk when it returns.
// Every write gives the key a version that no key of the store has had before, so that [CompareAndSwap] and [Update] are safe between instances.
//
// A key is UTF-8 of 1 to 256 bytes, a value has at most 1 MiB, and the store holds 10,000 keys and 64 MiB unless the server is configured otherwise.
package kv

import (
	"encoding/json"
	"errors"
	"iter"
	"unsafe"

	"pluginhost.dev/sdk/internal/host"
)

// Errors that functions here return, to be found by errors.Is.
var (
	ErrNotFound   error = host.NotFound
	ErrConflict   error = host.Conflict
	ErrLimit      error = host.LimitReached
	ErrDenied     error = host.Denied
	ErrInvalidKey error = host.InvalidArgument
)

// Entry is a value with its version.
type Entry struct {
	Value   []byte
	Version uint64
}

// Key is a key with the version and the length of its value.
type Key struct {
	Key     string `json:"key"`
	Version uint64 `json:"version"`
	Length  int    `json:"length"`
}

// Get gives what is stored under a key, or ErrNotFound.
func Get(key string) (Entry, error) {
	found, err := host.Get(key)
	return Entry{Value: found.Bytes, Version: found.Version}, err
}

// Set stores a value, whatever was there, and gives its version.
func Set(key string, value []byte) (version uint64, err error) { return host.Set(key, text(value)) }

// CompareAndSwap stores a value if the key still has the version that was seen, or where that is 0 if there is no such key. Otherwise it
// returns ErrConflict.
func CompareAndSwap(key string, value []byte, seen uint64) (version uint64, err error) {
	return host.CompareAndSwap(key, text(value), seen)
}

// Delete removes a key, or returns ErrNotFound.
func Delete(key string) error { return host.Delete(key, 0) }

// CompareAndDelete removes a key if it still has the version that was seen, which is not 0. Otherwise it returns ErrConflict or ErrNotFound.
func CompareAndDelete(key string, seen uint64) error {
	if seen == 0 {
		return host.NotFound
	}
	return host.Delete(key, seen)
}

// Update replaces a value by what a function makes of it, nil for a key that is not there, and tries again when another
// instance was faster. The function may thus be called several times; an error of its own ends it all.
func Update(key string, change func(old []byte) ([]byte, error)) error {
	for {
		entry, err := Get(key)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		value, err := change(entry.Value)
		if err != nil {
			return err
		}
		if _, err = CompareAndSwap(key, value, entry.Version); !errors.Is(err, ErrConflict) {
			return err
		}
	}
}

// List gives keys that begin with a prefix and come after a key, in the order of their bytes; as many as the limit says, but at most 1,000, which a limit
// of 0 stands for. The last key of one list is the one to go on after.
func List(prefix, after string, limit int) ([]Key, error) {
	encoded, err := host.List(prefix, after, uint32(max(limit, 0)))
	if err != nil {
		return nil, err
	}
	var keys []Key
	return keys, json.Unmarshal(encoded, &keys)
}

// Keys goes through all keys that begin with a prefix. An error is the last thing that it gives.
func Keys(prefix string) iter.Seq2[Key, error] {
	return func(yield func(Key, error) bool) {
		for after := ""; ; {
			keys, err := List(prefix, after, 0)
			if err != nil {
				yield(Key{}, err)
				return
			}
			for _, key := range keys {
				if !yield(key, nil) {
					return
				}
				after = key.Key
			}
			if len(keys) == 0 {
				return
			}
		}
	}
}

// text is the bytes without a copy: the host only reads them, before it returns.
func text(bytes []byte) string { return unsafe.String(unsafe.SliceData(bytes), len(bytes)) }
