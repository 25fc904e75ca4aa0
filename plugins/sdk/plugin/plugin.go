// Package plugin calls exports and handlers of other plugins. It needs the grant "call", which names the plugins.
//
//	quote, err := plugin.Call[Quote]("pricing", "price", order)
//
// A call goes to the other plugin's alias live, takes part of the time that the caller's own invocation has left, and may lead to further calls up to a depth that
// the server sets.
package plugin

import (
	"encoding/json"
	"errors"
	"strconv"
	"unsafe"

	"pluginhost.dev/sdk/internal/host"
)

// ErrDenied is returned for a plugin that the grant does not name, to be found by errors.Is.
var ErrDenied error = host.Denied

// Problem is a call that the host could not make or that the other plugin answered with an error. It is found by errors.As.
type Problem struct {
	// Status is what the caller of the same over HTTP would have got.
	Status int `json:"status"`
	// Code is the host's, such as "export-not-found", "trap" or, for an error that the plugin returned, "plugin-error".
	Code   string `json:"code"`
	Title  string `json:"title"`
	Detail string `json:"detail"`
	// PluginCode and PluginDetails are those of an error that the plugin returned.
	PluginCode    string          `json:"pluginCode"`
	PluginDetails json.RawMessage `json:"pluginDetails"`
}

// Error is the problem's detail with its code.
func (p *Problem) Error() string {
	text := p.Detail
	if text == "" {
		text = p.Title
	}
	if p.Code == "" {
		return text
	}
	return p.Code + ": " + text
}

// Call calls an export or a handler, whose arguments are encoded by encoding/json, and decodes its result. Bytes are base64 on the way, which encoding/json makes of a []byte.
func Call[Result any](plugin, export string, arguments ...any) (Result, error) {
	var result Result
	results, err := Invoke(plugin, export, arguments...)
	switch {
	case err != nil:
	case len(results) != 1:
		err = errors.New("call: " + plugin + "/" + export + " has " + strconv.Itoa(len(results)) + " results")
	default:
		err = decode(results[0], &result)
	}
	return result, err
}

// Invoke calls an export that may have no result.
func Invoke(plugin, export string, arguments ...any) ([]json.RawMessage, error) {
	if arguments == nil {
		arguments = []any{}
	}
	request, err := json.Marshal(struct {
		Arguments []any `json:"args"`
	}{arguments})
	if err != nil {
		return nil, err
	}
	answer, err := host.Call(plugin, export, unsafe.String(unsafe.SliceData(request), len(request)))
	if err != nil {
		return nil, problem(err)
	}
	var response struct {
		Results []json.RawMessage `json:"results"`
	}
	err = json.Unmarshal(answer, &response)
	return response.Results, err
}

// decode takes 64-bit integers as they come: as texts.
func decode(result json.RawMessage, to any) error {
	err := json.Unmarshal(result, to)
	var text string
	if err != nil && json.Unmarshal(result, &text) == nil && json.Unmarshal([]byte(text), to) == nil {
		return nil
	}
	return err
}

// problem reads the text of an error.
func problem(err error) error {
	var failure *host.Error
	if !errors.As(err, &failure) {
		return err
	}
	result := new(Problem)
	if json.Unmarshal([]byte(failure.Text), result) != nil || result.Status == 0 {
		return err
	}
	return &numbered{result, failure.Errno}
}

// numbered is a Problem that errors.Is knows by its number too.
type numbered struct {
	*Problem
	errno host.Errno
}

func (n *numbered) Unwrap() []error { return []error{n.Problem, n.errno} }
