package main

import (
	"errors"
	"strings"
	"testing"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/sdktest"
)

func TestShortener(t *testing.T) {
	sdktest.Reset()
	for i := range 40 {
		link, err := sdktest.InvokeJSON[Link]("shorten", Long{URL: "https://example.com/" + strings.Repeat("x", i)})
		if err != nil || i == 39 && link.Code != "14" {
			t.Fatalf("shorten gives %v, %v", link, err)
		}
	}
	for visit := range 3 {
		link, err := sdktest.InvokeJSON[Link]("resolve", Short{Code: "2"})
		if want := (Link{Code: "2", URL: "https://example.com/x", Visits: visit + 1}); err != nil || link != want {
			t.Errorf("resolve gives %v, %v", link, err)
		}
	}
	links, err := sdktest.InvokeJSON[[]Link]("list", Position{After: "1", Limit: 2})
	if err != nil || len(links) != 2 || links[0].Code != "10" || links[1].Code != "11" {
		t.Errorf("list gives %v, %v", links, err)
	}
}

func TestShortener_Errors(t *testing.T) {
	sdktest.Reset()
	for _, test := range []struct {
		handler string
		input   any
		code    string
	}{
		{"shorten", Long{URL: "javascript:alert(1)"}, "bad-url"},
		{"shorten", Long{URL: "https://" + strings.Repeat("x", 2048)}, "bad-url"},
		{"resolve", Short{Code: "zzz"}, "unknown-code"},
		{"resolve", Short{Code: strings.Repeat("z", 300)}, "unknown-code"},
	} {
		_, err := sdktest.InvokeJSON[Link](test.handler, test.input)
		var failure *sdk.Error
		if !errors.As(err, &failure) || failure.Code != test.code {
			t.Errorf("%s(%v): %v", test.handler, test.input, err)
		}
	}
}
