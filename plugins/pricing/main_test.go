package main

import (
	"errors"
	"reflect"
	"testing"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/sdktest"
)

func TestPrice(t *testing.T) {
	got, err := sdktest.InvokeJSON[Quote]("price", Order{Lines: []Line{{"pen", 10}, {"book", 1}}, Coupon: "SPRING"})
	want := Quote{
		Lines:    []PricedLine{{Line{"pen", 10}, 150, 1350}, {Line{"book", 1}, 2495, 2495}},
		Discount: 192, Total: 3653,
	}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("price gives %v, %v", got, err)
	}
}

func TestPrice_Errors(t *testing.T) {
	for code, lines := range map[string][]Line{
		"empty-order": nil, "unknown-item": {{"pen", 1}, {"moon", 1}}, "bad-count": {{"pen", 0}},
	} {
		_, err := sdktest.InvokeJSON[Quote]("price", Order{Lines: lines})
		var failure *sdk.Error
		if !errors.As(err, &failure) || failure.Code != code {
			t.Errorf("price of %v: %v", lines, err)
		}
		if code == "unknown-item" && string(failure.Details) != `{"line":1,"item":"moon"}` {
			t.Errorf("details %s", failure.Details)
		}
	}
}
