//go:build !wasip1

package sdk_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/sdktest"
)

func ExampleJSON() {
	type Order struct {
		Item  string `json:"item"`
		Count int    `json:"count"`
	}
	type Quote struct {
		Cents int `json:"cents"`
	}
	sdk.JSON("quote", func(order Order) (Quote, error) {
		if order.Count < 1 {
			return Quote{}, sdk.Errorf("bad-count", "cannot sell %d of %s", order.Count, order.Item)
		}
		return Quote{Cents: 250 * order.Count}, nil
	})

	// In a test, a handler is called as the host calls it.
	answer, err := sdktest.Invoke("quote", []byte(`{"item":"pen","count":2}`))
	fmt.Println(string(answer), err)
	answer, err = sdktest.Invoke("quote", []byte(`{"item":"pen","count":0}`))
	fmt.Println(string(answer), err)
	// Output:
	// {"cents":500} <nil>
	//  bad-count: cannot sell 0 of pen
}

func ExampleBytes() {
	sdk.Bytes("shout", func(input []byte) ([]byte, error) { return bytes.ToUpper(input), nil })

	answer, err := sdktest.Invoke("shout", []byte("gopher"))
	fmt.Println(string(answer), err)
	// Output: GOPHER <nil>
}

func ExampleError() {
	stock := map[string]int{"pen": 3}
	sdk.JSON("take", func(item string) (int, error) {
		if stock[item] == 0 {
			return 0, sdk.Errorf("out-of-stock", "there is no %s", item).With(map[string]any{"item": item, "restockDays": 2})
		}
		stock[item]--
		return stock[item], nil
	})

	_, err := sdktest.InvokeJSON[int]("take", "lamp")
	var failure *sdk.Error
	if errors.As(err, &failure) {
		fmt.Println(failure.Code, failure.Message, string(failure.Details))
	}
	// Output: out-of-stock there is no lamp {"item":"lamp","restockDays":2}
}

// reverse would stand under //go:wasmexport reverse and //pluginhost:result string.
func reverse(text string) uint64 {
	if !strings.Contains(text, " ") {
		return sdk.PackError(sdk.Errorf("too-short", "%q is one word", text))
	}
	words := strings.Fields(text)
	slices.Reverse(words)
	return sdk.PackString(strings.Join(words, " "))
}

func ExamplePackString() {
	text, err := sdktest.Result(reverse("one two three"))
	fmt.Println(string(text), err)
	_, err = sdktest.Result(reverse("one"))
	fmt.Println(err)
	// Output:
	// three two one <nil>
	// too-short: "one" is one word
}
