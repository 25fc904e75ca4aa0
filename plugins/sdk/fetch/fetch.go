// Package fetch sends HTTP requests by way of the host. It needs the grant "http", which names the hosts, methods and limits that the plugin may use.
//
//	response, err := fetch.Get("https://api.example.com/weather?city=Bern")
//	if err == nil && response.Status == 200 {
//		err = json.Unmarshal(response.Body, &weather)
//	}
//
// The host resolves names, follows redirects, repeats what failed on its way and can be repeated, and refuses what is not granted. Nothing of net/http
// is needed, which would add two megabytes to a module.
package fetch

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"strings"
	"time"
	"unsafe"

	"pluginhost.dev/sdk/internal/host"
)

// Errors that functions here return, to be found by errors.Is. An answer of any status is none.
var (
	ErrDenied   error = host.Denied          // the host, the method or the address is not granted
	ErrInvalid  error = host.InvalidArgument // not a request
	ErrLimit    error = host.LimitReached    // the request or the answer is too large
	ErrDeadline error = host.Deadline        // the request's timeout has passed
	ErrFailed   error = host.Failed          // there was no answer
)

// Header has the values of each name. The host sends and gives names in any case: use the methods.
type Header map[string][]string

// Get gives the first value of a name in any case, or nothing.
func (h Header) Get(name string) string {
	if values := h.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values gives all values of a name in any case.
func (h Header) Values(name string) []string {
	if values := h[name]; len(values) > 0 {
		return values
	}
	for other, values := range h {
		if strings.EqualFold(other, name) {
			return values
		}
	}
	return nil
}

// Set replaces the values of a name in any case.
func (h Header) Set(name, value string) {
	for other := range h {
		if strings.EqualFold(other, name) {
			delete(h, other)
		}
	}
	h[name] = []string{value}
}

// Request is what is sent.
type Request struct {
	// Method is GET where it is empty.
	Method string
	URL    string
	Header Header
	Body   []byte
	// Timeout bounds the request with its redirects and repetitions; 0 leaves it to the grant and the invocation's deadline.
	Timeout time.Duration
}

// Response is the answer.
type Response struct {
	Status int
	Header Header
	Body   []byte
}

// Get sends a GET request.
func Get(url string) (*Response, error) { return Do(Request{URL: url}) }

// Post sends a POST request with a body.
func Post(url, contentType string, body []byte) (*Response, error) {
	return Do(Request{Method: "POST", URL: url, Header: Header{"Content-Type": {contentType}}, Body: body})
}

// Do sends a request and waits for the whole answer.
func Do(request Request) (*Response, error) {
	wire := host.Request{
		Method: request.Method, URL: request.URL, Body: unsafe.String(unsafe.SliceData(request.Body), len(request.Body)),
		TimeoutMilliseconds: milliseconds(request.Timeout),
	}
	if wire.Method == "" {
		wire.Method = "GET"
	}
	if len(request.Header) > 0 {
		header, err := json.Marshal(request.Header)
		if err != nil {
			return nil, err
		}
		wire.Headers = string(header)
	}
	answer, err := host.Send(&wire)
	if err != nil {
		return nil, err
	}
	return parse(answer)
}

// parse takes an answer apart: the header's length in four bytes, the header, the body.
func parse(answer []byte) (*Response, error) {
	if len(answer) < 4 || uint64(binary.LittleEndian.Uint32(answer)) > uint64(len(answer)-4) {
		return nil, errors.New("http: the host's answer is cut off")
	}
	length := binary.LittleEndian.Uint32(answer)
	var header struct {
		Status  int    `json:"status"`
		Headers Header `json:"headers"`
	}
	if err := json.Unmarshal(answer[4:4+length], &header); err != nil {
		return nil, err
	}
	return &Response{Status: header.Status, Header: header.Headers, Body: answer[4+length:]}, nil
}

// milliseconds rounds up, so that a short timeout is not none.
func milliseconds(timeout time.Duration) uint32 {
	if timeout <= 0 {
		return 0
	}
	return uint32(min((timeout-1)/time.Millisecond+1, 1<<31))
}
