//go:build !wasip1

// Package sdktest stands for the host in a plugin's own tests, which run under "go test" with no server and no WebAssembly.
//
//	func TestShorten(t *testing.T) {
//		sdktest.Reset()
//		link, err := sdktest.InvokeJSON[Link]("shorten", Request{URL: "https://example.com"})
//		...
//	}
//
// The packages of the SDK work as on a server, on fakes in memory: kv on a map, with the default limits of a key and a value but not those of a store; config, clock,
// invocation, fetch and plugin on what was given to the functions here; log on a list. Grants are not checked. There is one fake host for
// all goroutines, so tests that use it do not run in parallel.
package sdktest

import (
	"encoding/json"
	"errors"
	"maps"
	"time"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/fetch"
	"pluginhost.dev/sdk/internal/abi"
	"pluginhost.dev/sdk/internal/host"
	"pluginhost.dev/sdk/invocation"
	"pluginhost.dev/sdk/log"
)

// Reset empties the store, the log, the configuration and all else. Registered handlers stay.
func Reset() { host.Fake = host.NewFakes() }

// Invoke calls a handler by its name as the host does. An error is the *sdk.Error that a caller gets to see.
func Invoke(handler string, input []byte) ([]byte, error) {
	for i, known := range abi.Handlers() {
		if known.Name == handler {
			return Result(sdk.Pack(abi.Run(uint32(i), input)))
		}
	}
	return nil, errors.New("sdktest: no handler is named " + handler)
}

// InvokeJSON is Invoke for handlers of sdk.JSON.
func InvokeJSON[Out any](handler string, input any) (Out, error) {
	var out Out
	encoded, err := json.Marshal(input)
	if err != nil {
		return out, err
	}
	answer, err := Invoke(handler, encoded)
	if err != nil {
		return out, err
	}
	return out, json.Unmarshal(answer, &out)
}

// Result gives the bytes, or the *sdk.Error, that an exported function has returned in the packed form. It must be asked before the next is called.
func Result(packed uint64) ([]byte, error) {
	bytes, failed := abi.Unpack(packed)
	if !failed {
		return bytes, nil
	}
	var problem struct {
		Code    string          `json:"code"`
		Message string          `json:"message"`
		Details json.RawMessage `json:"details"`
	}
	if err := json.Unmarshal(bytes, &problem); err != nil {
		return nil, err
	}
	return nil, &sdk.Error{Code: problem.Code, Message: problem.Message, Details: problem.Details}
}

// Config sets the values that package config reads.
func Config(values map[string]string) {
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Config = maps.Clone(values)
}

// Secrets sets the secrets that package config reads.
func Secrets(values map[string]string) {
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Secrets = maps.Clone(values)
}

// Clock sets what package clock asks.
func Clock(now func() time.Time) {
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Now = now
}

// Invocation sets what package invocation tells.
func Invocation(info invocation.Info) {
	text, err := json.Marshal(info)
	if err != nil {
		panic(err)
	}
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Invocation = text
}

// HTTP sets what answers requests of package fetch. An error is one of the way: fetch.ErrFailed with its text.
func HTTP(answer func(fetch.Request) (fetch.Response, error)) {
	send := func(wire *host.Request) (header, body []byte, err error) {
		request := fetch.Request{Method: wire.Method, URL: wire.URL, Body: []byte(wire.Body), Timeout: time.Duration(wire.TimeoutMilliseconds) * time.Millisecond}
		if wire.Headers != "" {
			if err := json.Unmarshal([]byte(wire.Headers), &request.Header); err != nil {
				return nil, nil, err
			}
		}
		response, err := answer(request)
		if err != nil {
			return nil, nil, err
		}
		header, err = json.Marshal(map[string]any{"status": response.Status, "headers": response.Header})
		return header, response.Body, err
	}
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Send = send
}

// Plugins sets what answers for other plugins: with a result that encoding/json encodes, or with an error, which the caller gets
// as a problem of code "plugin-error"; an *sdk.Error keeps its code and details.
func Plugins(answer func(plugin, export string, arguments []json.RawMessage) (any, error)) {
	call := func(plugin, export string, encoded []byte) ([]byte, error) {
		var request struct {
			Arguments []json.RawMessage `json:"args"`
		}
		if err := json.Unmarshal(encoded, &request); err != nil {
			return nil, err
		}
		result, err := answer(plugin, export, request.Arguments)
		if err != nil {
			problem := map[string]any{"status": 422, "code": "plugin-error", "detail": err.Error()}
			var failure *sdk.Error
			if errors.As(err, &failure) {
				problem["detail"], problem["pluginCode"], problem["pluginDetails"] = failure.Message, failure.Code, failure.Details
			}
			text, err := json.Marshal(problem)
			if err != nil {
				return nil, err
			}
			return nil, &host.Error{Function: "call", Errno: host.Failed, Text: string(text)}
		}
		return json.Marshal(map[string]any{"results": []any{result}})
	}
	host.Fake.Lock()
	defer host.Fake.Unlock()
	host.Fake.Call = call
}

// Line is a line of the log.
type Line struct {
	Level   log.Level
	Message string
	// Attributes are a JSON object, or empty.
	Attributes string
}

// Log gives the lines that were written since Reset.
func Log() []Line {
	host.Fake.Lock()
	defer host.Fake.Unlock()
	var lines []Line
	for _, line := range host.Fake.Lines {
		lines = append(lines, Line{log.Level(line.Level), line.Message, line.Attributes})
	}
	return lines
}
