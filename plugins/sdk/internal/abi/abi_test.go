package abi

import (
	"encoding/json"
	"strings"
	"testing"
	"unsafe"
)

func TestValidName(t *testing.T) {
	for name, valid := range map[string]bool{
		"price": true, "Price_2": true, "a.b-c": true, strings.Repeat("n", 128): true,
		"": false, strings.Repeat("n", 129): false, "a b": false, "a/b": false, "é": false, "\x10": false, ".": false, "...": false,
		"pluginhost_price": false, "@": false, "`": false, "[": false,
	} {
		if ValidName(name) != valid {
			t.Errorf("ValidName(%q) = %v", name, !valid)
		}
	}
}

func TestValidCode(t *testing.T) {
	for code, valid := range map[string]bool{
		"out-of-stock": true, "a": true, "e2-b": true, strings.Repeat("c", 64): true,
		"": false, "-a": false, "a-": false, "a--b": false, "A": false, "a_b": false, "a b": false, strings.Repeat("c", 65): false,
	} {
		if ValidCode(code) != valid {
			t.Errorf("ValidCode(%q) = %v", code, !valid)
		}
	}
}

func TestAppendString(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		"plain":                  "plain",
		"quote \" \\ / <&>":      "quote \" \\ / <&>",
		"\x00\x01\x1f\x7f\r\n\t": "\x00\x01\x1f\x7f\r\n\t",
		"é語🙂\u2028":              "é語🙂\u2028",
		"\xff bad \xc3":          "\ufffd bad \ufffd",
	} {
		var got string
		if err := json.Unmarshal(AppendString(nil, text), &got); err != nil || got != want {
			t.Errorf("AppendString(%q) reads back as %q, %v", text, got, err)
		}
	}
}

func TestBuffer(t *testing.T) {
	small := Buffer(0)
	if small == nil || Buffer(minimumBuffer) != small {
		t.Error("a small buffer is not shared by calls")
	}
	if uintptr(small)%8 != 0 {
		t.Error("a buffer is not aligned")
	}
	large := Buffer(3 << 20)
	if cap(buffer) < 3<<20 {
		t.Error("a buffer is too small")
	}
	unsafe.Slice((*byte)(large), 3<<20)[3<<20-1] = 1
	if Buffer(2<<20) != large {
		t.Error("a large buffer is not used again for another large call")
	}
	if Buffer(10); cap(buffer) > keptBuffer {
		t.Error("a large buffer is kept for small calls")
	}
	if Buffer(1<<31) != nil {
		t.Error("a buffer beyond what the wire can say is offered")
	}
}

func TestRegister(t *testing.T) {
	t.Cleanup(func() { handlers, described = nil, false })
	run := func(in []byte) ([]byte, error) { return in, nil }
	Register(Handler{Name: "a", Input: JSON, Output: Bytes, Run: run})
	Register(Handler{Name: "b", Input: Bytes, Output: JSON, Run: run})
	if got := panics(func() { Register(Handler{Name: "a", Run: run}) }); !strings.Contains(got, "two handlers are named a") {
		t.Errorf("a name twice: %q", got)
	}
	if got := panics(func() { Register(Handler{Name: "a b", Run: run}) }); !strings.Contains(got, `"a b" cannot name a handler`) {
		t.Errorf("a bad name: %q", got)
	}
	const want = `[{"name":"a","input":"json","output":"bytes"},{"name":"b","input":"bytes","output":"json"}]`
	if got := string(Describe()); got != want {
		t.Errorf("Describe() = %s", got)
	}
	if got := panics(func() { Register(Handler{Name: "c", Run: run}) }); !strings.Contains(got, "too late") {
		t.Errorf("a late handler: %q", got)
	}
	if got, err := Run(1, []byte("x")); string(got) != "x" || err != nil {
		t.Errorf("Run = %q, %v", got, err)
	}
	if got := panics(func() { Run(2, nil) }); !strings.Contains(got, "no handler 2") {
		t.Errorf("a wrong index: %q", got)
	}
	if got := panics(func() { Run(1<<31, nil) }); !strings.Contains(got, "no handler") {
		t.Errorf("a wrong index: %q", got)
	}

	described = false
	for i := len(handlers); i < MaximumHandlers; i++ {
		Register(Handler{Name: "h" + strings.Repeat("x", i/100) + string(rune('0'+i/10%10)) + string(rune('0'+i%10)), Run: run})
	}
	if got := panics(func() { Register(Handler{Name: "more", Run: run}) }); !strings.Contains(got, "more than 256") {
		t.Errorf("the 257th handler: %q", got)
	}
}

func panics(f func()) (text string) {
	defer func() { text, _ = recover().(string) }()
	f()
	return ""
}
