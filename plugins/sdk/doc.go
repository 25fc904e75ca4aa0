// Package sdk makes Go functions callable over REST by a PluginHost server.
//
// A plugin is a stock Go 1.24 module of package main, built with
//
//	GOOS=wasip1 GOARCH=wasm go build -buildmode=c-shared -o NAME.wasm .
//
// whose init functions register handlers:
//
//	package main
//
//	import "pluginhost.dev/sdk"
//
//	type Order struct {
//		Item  string `json:"item"`
//		Count int    `json:"count"`
//	}
//
//	type Quote struct {
//		Cents int `json:"cents"`
//	}
//
//	func init() { sdk.JSON("price", price) }
//
//	func main() {} // never runs
//
//	// price says what an order costs.
//	func price(order Order) (Quote, error) {
//		if order.Count < 1 {
//			return Quote{}, sdk.Errorf("bad-count", "cannot sell %d of %s", order.Count, order.Item)
//		}
//		return Quote{Cents: 250 * order.Count}, nil
//	}
//
// JSON registers a function from one JSON value to another, Bytes one from a whole body to a whole body. An error that a handler returns
// is an answer, not a failure of the plugin: the caller gets it as a problem, and the instance lives on. A panic ends the instance.
//
// Functions that are exported by //go:wasmexport need this package only for results that are no numbers: see PackBytes.
//
// The functions that the host offers to plugins – log, configuration, key-value store, clock, HTTP, other plugins, the invocation – are in
// packages of their own, so that a module imports, and needs grants for, only what it uses. Built for any other system than wasip1 all of them
// are fakes in memory, so that a plugin's tests run under a plain "go test"; package sdktest fills and reads those fakes and calls handlers
// as the host would.
//
// The wire forms stand in README.md beside this file.
package sdk
