//go:build !wasip1

package sdktest_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/clock"
	"pluginhost.dev/sdk/config"
	"pluginhost.dev/sdk/fetch"
	"pluginhost.dev/sdk/invocation"
	"pluginhost.dev/sdk/kv"
	"pluginhost.dev/sdk/log"
	"pluginhost.dev/sdk/plugin"
	"pluginhost.dev/sdk/sdktest"
	"pluginhost.dev/sdk/sloghandler"
)

func init() {
	sdk.JSON("double", func(in int) (int, error) {
		if in < 0 {
			return 0, sdk.Errorf("negative", "%d is negative", in).With(in)
		}
		return 2 * in, nil
	})
}

func TestInvoke(t *testing.T) {
	if out, err := sdktest.InvokeJSON[int]("double", 21); out != 42 || err != nil {
		t.Errorf("double(21) = %d, %v", out, err)
	}
	_, err := sdktest.InvokeJSON[int]("double", -1)
	var failure *sdk.Error
	if !errors.As(err, &failure) || failure.Code != "negative" || failure.Message != "-1 is negative" || string(failure.Details) != "-1" {
		t.Errorf("double(-1) fails with %#v", err)
	}
	if _, err := sdktest.Invoke("nothing", nil); err == nil {
		t.Error("a handler that there is not is called")
	}
	if _, err := sdktest.InvokeJSON[int]("double", make(chan int)); err == nil {
		t.Error("an input that cannot be encoded is taken")
	}
}

func TestConfig(t *testing.T) {
	sdktest.Reset()
	sdktest.Config(map[string]string{"unit": "celsius", "empty": ""})
	sdktest.Secrets(map[string]string{"token": "t"})
	if unit, err := config.Value("unit"); unit != "celsius" || err != nil {
		t.Errorf("unit = %q, %v", unit, err)
	}
	if empty, err := config.Value("empty"); empty != "" || err != nil {
		t.Errorf("empty = %q, %v", empty, err)
	}
	if token, err := config.Secret("token"); token != "t" || err != nil {
		t.Errorf("token = %q, %v", token, err)
	}
	if _, err := config.Value("token"); !errors.Is(err, config.ErrNotFound) || err.Error() != "config: not found" {
		t.Errorf("a secret as a value: %v", err)
	}
	if config.ValueOr("unit", "x") != "celsius" || config.ValueOr("other", "x") != "x" {
		t.Error("ValueOr mistakes what is there")
	}
}

func TestClock(t *testing.T) {
	sdktest.Reset()
	moment := time.Date(2024, 2, 29, 12, 0, 0, 123456789, time.UTC)
	sdktest.Clock(func() time.Time { return moment })
	if now := clock.Now(); now != moment {
		t.Errorf("Now() = %v", now)
	}
}

func TestStore(t *testing.T) {
	sdktest.Reset()
	if _, err := kv.Get("a"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("Get of nothing: %v", err)
	}
	first, err := kv.Set("a", []byte("1"))
	if err != nil || first == 0 {
		t.Fatalf("Set = %d, %v", first, err)
	}
	if entry, err := kv.Get("a"); string(entry.Value) != "1" || entry.Version != first || err != nil {
		t.Errorf("Get = %v, %v", entry, err)
	}
	if _, err := kv.CompareAndSwap("a", nil, 0); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("CompareAndSwap of what is there: %v", err)
	}
	second, err := kv.CompareAndSwap("a", []byte("2"), first)
	if err != nil || second <= first {
		t.Errorf("CompareAndSwap = %d, %v", second, err)
	}
	if _, err := kv.CompareAndSwap("b", nil, 0); err != nil {
		t.Errorf("CompareAndSwap of nothing: %v", err)
	}
	if err := kv.CompareAndDelete("a", first); !errors.Is(err, kv.ErrConflict) {
		t.Errorf("CompareAndDelete of an old version: %v", err)
	}
	if err := kv.CompareAndDelete("a", 0); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("CompareAndDelete of nothing: %v", err)
	}
	if err := errors.Join(kv.CompareAndDelete("a", second), kv.Delete("b")); err != nil {
		t.Errorf("Delete: %v", err)
	}
	if err := kv.Delete("a"); !errors.Is(err, kv.ErrNotFound) {
		t.Errorf("Delete of nothing: %v", err)
	}
	for _, key := range []string{"", strings.Repeat("k", 257), "\xff"} {
		if _, err := kv.Set(key, nil); !errors.Is(err, kv.ErrInvalidKey) {
			t.Errorf("Set of the key %q: %v", key, err)
		}
	}
	if _, err := kv.Set("a", make([]byte, 1<<20+1)); !errors.Is(err, kv.ErrLimit) {
		t.Errorf("Set of a large value: %v", err)
	}
}

func TestStore_Update(t *testing.T) {
	sdktest.Reset()
	tries := 0
	count := func(old []byte) ([]byte, error) {
		if tries++; tries == 1 {
			// Somebody else is faster.
			if _, err := kv.Set("n", []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		return append(old, 'y'), nil
	}
	if err := kv.Update("n", count); err != nil || tries != 2 {
		t.Errorf("Update tries %d times, %v", tries, err)
	}
	if entry, _ := kv.Get("n"); string(entry.Value) != "xy" {
		t.Errorf("Update leaves %s", entry.Value)
	}
	if err := kv.Update("n", func([]byte) ([]byte, error) { return nil, errors.ErrUnsupported }); err != errors.ErrUnsupported {
		t.Errorf("an error of the change: %v", err)
	}
	if err := kv.Update("", count); !errors.Is(err, kv.ErrInvalidKey) {
		t.Errorf("Update of a bad key: %v", err)
	}
}

func TestStore_Keys(t *testing.T) {
	sdktest.Reset()
	for i := range 2500 {
		if _, err := kv.Set(fmt.Sprintf("k%04d", i), []byte("xyz")); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := kv.Set("other", nil); err != nil {
		t.Fatal(err)
	}
	list, err := kv.List("k", "k0001", 2)
	if err != nil || len(list) != 2 || list[0] != (kv.Key{Key: "k0002", Version: 3, Length: 3}) {
		t.Errorf("List = %v, %v", list, err)
	}
	seen := 0
	for key, err := range kv.Keys("k") {
		if err != nil || key.Key != fmt.Sprintf("k%04d", seen) {
			t.Fatalf("Keys gives %v, %v", key, err)
		}
		seen++
	}
	if seen != 2500 {
		t.Errorf("Keys gives %d", seen)
	}
	for range kv.Keys("") {
		seen++
		break
	}
	if seen != 2501 {
		t.Error("Keys cannot be left")
	}
}

func TestLog(t *testing.T) {
	sdktest.Reset()
	log.Debug("plain")
	log.Info("placed \"x\"", "order", 7, "total", 12.5, "err", errors.New("no\n"), "list", []string{"<"}, "bad", make(chan int))
	log.Warn("odd", 1, "a", "b")
	log.Error("last")
	log.Log(2, "between", "a", nil)
	want := []sdktest.Line{
		{log.LevelDebug, "plain", ""},
		{log.LevelInfo, "placed \"x\"", `{"order":7,"total":12.5,"err":"no\n","list":["\u003c"],"bad":"!ERROR:unsupported type: chan int"}`},
		{log.LevelWarn, "odd", `{"!BADKEY":1,"a":"b"}`},
		{log.LevelError, "last", ""},
		{2, "between", `{"a":null}`},
	}
	if got := sdktest.Log(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestSlogHandler(t *testing.T) {
	sdktest.Reset()
	logger := slog.New(sloghandler.New(slog.LevelInfo))
	logger.Debug("too little")
	logger.Info("plain")
	logger.Warn("attributes", "a", 1, "level", "high", "msg", "m", "time", 3, slog.Group("g", "b", true, "msg", "in"))
	logger.With("w", "x").WithGroup("deep").With("y", 2).Error("nested", "z", time.Second)
	logger.Log(t.Context(), slog.LevelInfo+2, "between")
	want := []sdktest.Line{
		{log.LevelInfo, "plain", ""},
		{log.LevelWarn, "attributes", `{"a":1,"level":"high","msg":"m","time":3,"g":{"b":true,"msg":"in"}}`},
		{log.LevelError, "nested", `{"w":"x","deep":{"y":2,"z":1000000000}}`},
		{2, "between", ""},
	}
	if got := sdktest.Log(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestFetch(t *testing.T) {
	sdktest.Reset()
	if _, err := fetch.Get("http://example.com"); !errors.Is(err, fetch.ErrDenied) {
		t.Errorf("without an answer: %v", err)
	}
	sdktest.HTTP(func(request fetch.Request) (fetch.Response, error) {
		if request.URL == "http://down/" {
			return fetch.Response{}, errors.New("connection refused")
		}
		body := fmt.Sprintf("%s %s %s %q %v", request.Method, request.URL, request.Header.Get("content-TYPE"), request.Body, request.Timeout)
		return fetch.Response{Status: 418, Header: fetch.Header{"x-kind": {"a", "b"}}, Body: []byte(body)}, nil
	})
	response, err := fetch.Get("http://up/")
	if err != nil || response.Status != 418 || string(response.Body) != `GET http://up/  "" 0s` || !reflect.DeepEqual(response.Header.Values("X-Kind"), []string{"a", "b"}) {
		t.Errorf("Get = %v, %v", response, err)
	}
	response, err = fetch.Post("http://up/", "text/plain", []byte("body"))
	if err != nil || string(response.Body) != `POST http://up/ text/plain "body" 0s` {
		t.Errorf("Post = %s, %v", response.Body, err)
	}
	response, err = fetch.Do(fetch.Request{Method: "PUT", URL: "u", Timeout: 1})
	if err != nil || string(response.Body) != `PUT u  "" 1ms` {
		t.Errorf("Do = %s, %v", response.Body, err)
	}
	if _, err := fetch.Get("http://down/"); !errors.Is(err, fetch.ErrFailed) || err.Error() != "http: connection refused" {
		t.Errorf("Get of what is down: %v", err)
	}
	header := fetch.Header{"a": {"1"}}
	if header.Set("A", "2"); !reflect.DeepEqual(header, fetch.Header{"A": {"2"}}) || header.Get("b") != "" {
		t.Errorf("Set leaves %v", header)
	}
}

func TestPlugin(t *testing.T) {
	sdktest.Reset()
	if _, err := plugin.Invoke("p", "f"); !errors.Is(err, plugin.ErrDenied) {
		t.Errorf("without an answer: %v", err)
	}
	sdktest.Plugins(func(name, export string, arguments []json.RawMessage) (any, error) {
		switch export {
		case "add64":
			return "9007199254740993", nil
		case "fail":
			return nil, fmt.Errorf("deep: %w", sdk.Errorf("no-way", "no").With([]int{1}))
		case "plain":
			return nil, errors.New("plain")
		}
		return fmt.Sprintf("%s %s %s", name, export, arguments), nil
	})
	if out, err := plugin.Call[string]("p", "f", 1, "x", []byte{255}); out != `p f [1 "x" "/w=="]` || err != nil {
		t.Errorf("Call = %s, %v", out, err)
	}
	if out, err := plugin.Call[int64]("p", "add64"); out != 9007199254740993 || err != nil {
		t.Errorf("Call of a 64-bit result = %d, %v", out, err)
	}
	if out, err := plugin.Call[int]("p", "f"); err == nil {
		t.Errorf("a text as a number: %d", out)
	}
	_, err := plugin.Call[int]("p", "fail")
	var problem *plugin.Problem
	if !errors.As(err, &problem) || problem.Status != 422 || problem.PluginCode != "no-way" || string(problem.PluginDetails) != "[1]" || err.Error() != "plugin-error: no" {
		t.Errorf("an error of the other plugin: %v", err)
	}
	if _, err := plugin.Call[int]("p", "plain"); err == nil || err.Error() != "plugin-error: plain" {
		t.Errorf("a plain error of the other plugin: %v", err)
	}
	if _, err := plugin.Call[int]("p", "f", make(chan int)); err == nil {
		t.Error("an argument that cannot be encoded is sent")
	}
}

func TestInvocation(t *testing.T) {
	sdktest.Reset()
	if _, err := invocation.Current(); err == nil {
		t.Error("there is an invocation before it is set")
	}
	want := invocation.Info{ID: 7, Plugin: "p", Version: 2, Export: "f", Deadline: time.Date(2024, 1, 2, 3, 4, 5, 600, time.UTC), Traceparent: "00-x"}
	sdktest.Invocation(want)
	if got, err := invocation.Current(); got != want || err != nil {
		t.Errorf("Current() = %v, %v", got, err)
	}
}
