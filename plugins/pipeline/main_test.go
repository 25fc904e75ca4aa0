package main

import (
	"encoding/json"
	"errors"
	"testing"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/sdktest"
)

func TestMake(t *testing.T) {
	sdktest.Reset()
	sdktest.Plugins(func(name, export string, arguments []json.RawMessage) (any, error) {
		switch name + "/" + export + string(arguments[0]) {
		case `markdown/render"IyBIaQ=="`:
			return []byte("<h1>Hi</h1>"), nil
		case `pricing/price{"lines":[]}`:
			return nil, sdk.Errorf("empty-order", "no lines").With(1)
		}
		return map[string]int{"total": 5}, nil
	})
	offer, err := sdktest.InvokeJSON[Offer]("offer", Request{Text: "# Hi", Order: json.RawMessage(`{"lines":[{}]}`)})
	if err != nil || offer.HTML != "<h1>Hi</h1>" || string(offer.Quote) != `{"total":5}` {
		t.Errorf("offer gives %s, %v", offer, err)
	}
	_, err = sdktest.InvokeJSON[Offer]("offer", Request{Text: "# Hi", Order: json.RawMessage(`{"lines":[]}`)})
	var failure *sdk.Error
	if !errors.As(err, &failure) || failure.Code != "empty-order" || failure.Message != "pricing: no lines" || string(failure.Details) != "1" {
		t.Errorf("an error of pricing: %v", err)
	}
}

func TestMake_WithoutTheOtherPluginsFails(t *testing.T) {
	sdktest.Reset()
	_, err := sdktest.InvokeJSON[Offer]("offer", Request{})
	var failure *sdk.Error
	if !errors.As(err, &failure) || failure.Code != "step-failed" {
		t.Errorf("without the other plugins: %v", err)
	}
}
