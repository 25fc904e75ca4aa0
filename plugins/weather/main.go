// Command weather asks another server over HTTP. Its configuration says which: the value "url" is the server's address, and the secret "token", if there is one,
// is sent to it. The server answers GET /v1/current?city=NAME with {"temperature":12.5,"condition":"rain"}.
package main

import (
	"encoding/json"
	"errors"
	"net/url"
	"strings"
	"time"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/config"
	"pluginhost.dev/sdk/fetch"
	"pluginhost.dev/sdk/log"
)

func init() { sdk.JSON("current", Current) }

func main() {} // never runs

// Place is where the weather is to be told of.
type Place struct {
	City string `json:"city"`
	// Unit is celsius, or fahrenheit.
	Unit string `json:"unit,omitempty"`
}

// Weather is how it is there.
type Weather struct {
	City        string  `json:"city"`
	Temperature float64 `json:"temperature"`
	Unit        string  `json:"unit"`
	Condition   string  `json:"condition"`
}

// Current tells the weather of a city. A city that the server does not know is an error of code unknown-city, and no-weather stands
// for a server that does not answer as it should.
func Current(place Place) (Weather, error) {
	if place.City == "" {
		return Weather{}, sdk.Errorf("no-city", "which city?")
	}
	if place.Unit == "" {
		place.Unit = "celsius"
	}
	if place.Unit != "celsius" && place.Unit != "fahrenheit" {
		return Weather{}, sdk.Errorf("bad-unit", "a temperature is in celsius or in fahrenheit, not in %q", place.Unit)
	}
	server, err := config.Value("url")
	if err != nil {
		return Weather{}, sdk.Errorf("not-configured", "the plugin's configuration has no value \"url\"")
	}
	request := fetch.Request{
		URL:     strings.TrimSuffix(server, "/") + "/v1/current?city=" + url.QueryEscape(place.City),
		Header:  fetch.Header{"Accept": {"application/json"}},
		Timeout: 5 * time.Second,
	}
	if token, err := config.Secret("token"); err == nil {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := fetch.Do(request)
	switch {
	case errors.Is(err, fetch.ErrDenied):
		return Weather{}, sdk.Errorf("no-weather", "%v", err)
	case err != nil:
		log.Warn("no answer", "city", place.City, "error", err)
		return Weather{}, sdk.Errorf("no-weather", "the weather server does not answer")
	case answer.Status == 404:
		return Weather{}, sdk.Errorf("unknown-city", "nobody measures in %s", place.City)
	}
	weather := Weather{City: place.City, Unit: place.Unit}
	if answer.Status != 200 || json.Unmarshal(answer.Body, &weather) != nil {
		log.Warn("odd answer", "city", place.City, "status", answer.Status)
		return Weather{}, sdk.Errorf("no-weather", "the weather server answers with status %d", answer.Status)
	}
	weather.City, weather.Unit = place.City, place.Unit
	if place.Unit == "fahrenheit" {
		weather.Temperature = weather.Temperature*9/5 + 32
	}
	return weather, nil
}
