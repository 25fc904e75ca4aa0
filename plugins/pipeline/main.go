// Command pipeline makes an offer of two other plugins' work: the sample markdown renders its text, and the sample pricing says what it costs.
package main

import (
	"encoding/json"
	"errors"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/plugin"
)

func init() { sdk.JSON("offer", Make) }

func main() {} // never runs

// Request is what an offer is made of.
type Request struct {
	// Text is Markdown.
	Text string `json:"text"`
	// Order is what the plugin pricing takes.
	Order json.RawMessage `json:"order"`
}

// Offer is a page with its price.
type Offer struct {
	HTML string `json:"html"`
	// Quote is what the plugin pricing gives.
	Quote json.RawMessage `json:"quote"`
}

// Make makes an offer. An error of one of the plugins is handed on with its code and details.
func Make(request Request) (Offer, error) {
	html, err := plugin.Call[[]byte]("markdown", "render", []byte(request.Text))
	if err != nil {
		return Offer{}, handOn("markdown", err)
	}
	quote, err := plugin.Call[json.RawMessage]("pricing", "price", request.Order)
	if err != nil {
		return Offer{}, handOn("pricing", err)
	}
	return Offer{HTML: string(html), Quote: quote}, nil
}

func handOn(name string, err error) error {
	var problem *plugin.Problem
	if errors.As(err, &problem) && problem.PluginCode != "" {
		return &sdk.Error{Code: problem.PluginCode, Message: name + ": " + problem.Detail, Details: problem.PluginDetails}
	}
	return sdk.Errorf("step-failed", "%s: %v", name, err)
}
