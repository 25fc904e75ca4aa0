package sdk

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"pluginhost.dev/sdk/internal/abi"
)

type order struct {
	Item  string         `json:"item"`
	Count int            `json:"count"`
	Tags  map[string]int `json:"tags"`
}

type quote struct {
	Text  string `json:"text"`
	Total int    `json:"total"`
}

func init() {
	JSON("price", func(in order) (quote, error) {
		switch in.Item {
		case "none":
			return quote{}, fmt.Errorf("pricing: %w", Errorf("not-sold", "no %s here", in.Item).With(map[string]int{"count": in.Count}))
		case "plain":
			return quote{}, errors.New("out of order")
		case "empty":
			return quote{}, errors.New("")
		}
		return quote{Text: "<" + in.Item + "> & co", Total: in.Count * 2}, nil
	})
	JSON("unencodable", func(struct{}) (any, error) { return func() {}, nil })
	Bytes("echo", func(in []byte) ([]byte, error) { return in, nil })
	JSON("keep", func(in []string) (int, error) { kept = append(kept, in...); return len(kept), nil })
}

var kept []string

func call(t *testing.T, name, input string) (string, bool) {
	t.Helper()
	for i, handler := range abi.Handlers() {
		if handler.Name == name {
			return unpack(Pack(abi.Run(uint32(i), []byte(input))))
		}
	}
	t.Fatalf("no handler %s", name)
	return "", false
}

func TestHandlers(t *testing.T) {
	for _, test := range []struct {
		name, input, want string
		failed            bool
	}{
		{"price", `{"item":"pen","count":3,"other":null}`, `{"text":"<pen> & co","total":6}`, false},
		{"price", `null`, `{"text":"<> & co","total":0}`, false},
		{"price", `{"item":"none","count":3}`, `{"message":"no none here","code":"not-sold","details":{"count":3}}`, true},
		{"price", `{"item":"plain"}`, `{"message":"out of order"}`, true},
		{"price", `{"item":"empty"}`, `{"message":"the handler failed"}`, true},
		{"price", `{"count":"x"}`, `{"message":"json: cannot unmarshal string into Go struct field order.count of type int","code":"invalid-input","details":{"field":"count"}}`, true},
		{"price", `{"count":1`, `{"message":"unexpected end of JSON input","code":"invalid-input"}`, true},
		{"price", ``, `{"message":"unexpected end of JSON input","code":"invalid-input"}`, true},
		{"unencodable", `{}`, `{"message":"json: unsupported type: func()","code":"invalid-output"}`, true},
		{"echo", "\x00\xff", "\x00\xff", false},
		{"echo", "", "", false},
	} {
		if got, failed := call(t, test.name, test.input); got != test.want || failed != test.failed {
			t.Errorf("%s(%s) = %s, %v", test.name, test.input, got, failed)
		}
	}
}

func TestJSON_KeepsNothingOfTheInput(t *testing.T) {
	input := []byte(`["abc"]`)
	if _, err := abi.Run(3, input); err != nil {
		t.Fatal(err)
	}
	copy(input, "XXXXXXX")
	if kept[0] != "abc" {
		t.Errorf("what a handler keeps is memory of the host: %q", kept[0])
	}
}

func TestJSON_ResultsOneAfterAnother(t *testing.T) {
	large := `{"item":"` + strings.Repeat("x", 2<<20) + `"}`
	if got, failed := call(t, "price", large); failed || len(got) < 2<<20 {
		t.Errorf("a large result has %d bytes", len(got))
	}
	if got, _ := call(t, "price", `{"item":"pen"}`); got != `{"text":"<pen> & co","total":0}` {
		t.Errorf("a result after a large one: %s", got)
	}
	if encoded.Cap() > keptCapacity {
		t.Error("the memory of a large result is kept")
	}
}

func TestBytes_NoCopy(t *testing.T) {
	input := []byte("in place")
	output, err := abi.Run(2, input)
	if err != nil || &output[0] != &input[0] {
		t.Error("a handler's bytes are copied")
	}
}

func TestRegistration_NilHandlerPanics(t *testing.T) {
	for _, register := range []func(){func() { Bytes("nil", nil) }, func() { JSON[int, int]("nil", nil) }} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			register()
		}()
	}
}

func TestPack(t *testing.T) {
	for _, test := range []struct {
		got    func() uint64
		want   string
		failed bool
	}{
		{func() uint64 { return PackBytes(nil) }, "", false},
		{func() uint64 { return PackBytes([]byte{0}) }, "\x00", false},
		{func() uint64 { return PackString("é") }, "é", false},
		{func() uint64 { return PackString("") }, "", false},
		{func() uint64 { return PackJSON([]string{"<"}) }, `["<"]`, false},
		{func() uint64 { return PackJSON(make(chan int)) }, `{"message":"json: unsupported type: chan int","code":"invalid-output"}`, true},
		{func() uint64 { return PackError(nil) }, "", false},
		{func() uint64 { return PackError(errors.New("a\nb\x00\"")) }, `{"message":"a\nb\u0000\""}`, true},
		{func() uint64 { return Pack([]byte("x"), nil) }, "x", false},
		{func() uint64 { return Pack([]byte("x"), errors.New("no")) }, `{"message":"no"}`, true},
		{func() uint64 { return PackError(&Error{Code: "Bad Code", Message: "m", Details: json.RawMessage("{")}) }, `{"message":"m"}`, true},
		{func() uint64 { return PackError((*Error)(nil)) }, `{"message":"the handler returned a nil *sdk.Error, which is an error to Go"}`, true},
	} {
		if got, failed := unpack(test.got()); got != test.want || failed != test.failed {
			t.Errorf("got %s, %v, want %s", got, failed, test.want)
		}
	}
}

func TestError(t *testing.T) {
	err := Errorf("no-way", "%d ways", 0)
	if err.Error() != "no-way: 0 ways" || (&Error{Message: "m"}).Error() != "m" {
		t.Errorf("Error() = %s", err.Error())
	}
	if with := err.With([]int{1}); string(with.Details) != "[1]" || err.Details != nil {
		t.Errorf("With gives %s and leaves %s", with.Details, err.Details)
	}
	if with := err.With(make(chan int)); string(with.Details) != `"details: json: unsupported type: chan int"` {
		t.Errorf("details that cannot be encoded: %s", with.Details)
	}
}
