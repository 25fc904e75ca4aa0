package main

import (
	"errors"
	"testing"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/fetch"
	"pluginhost.dev/sdk/sdktest"
)

func serve(t *testing.T) {
	sdktest.Reset()
	sdktest.Config(map[string]string{"url": "http://weather.test/"})
	sdktest.Secrets(map[string]string{"token": "t0ken"})
	sdktest.HTTP(func(request fetch.Request) (fetch.Response, error) {
		if request.Header.Get("Authorization") != "Bearer t0ken" || request.Method != "GET" {
			t.Errorf("the request is %v", request)
		}
		switch request.URL {
		case "http://weather.test/v1/current?city=S%C3%A3o+Paulo%26":
			return fetch.Response{Status: 200, Body: []byte(`{"temperature":20,"condition":"rain","city":"elsewhere"}`)}, nil
		case "http://weather.test/v1/current?city=Broken":
			return fetch.Response{Status: 200, Body: []byte(`<html>`)}, nil
		case "http://weather.test/v1/current?city=Down":
			return fetch.Response{}, errors.New("connection refused")
		}
		return fetch.Response{Status: 404}, nil
	})
}

func TestCurrent(t *testing.T) {
	serve(t)
	weather, err := sdktest.InvokeJSON[Weather]("current", Place{City: "São Paulo&"})
	if want := (Weather{City: "São Paulo&", Temperature: 20, Unit: "celsius", Condition: "rain"}); err != nil || weather != want {
		t.Errorf("current gives %v, %v", weather, err)
	}
	weather, err = sdktest.InvokeJSON[Weather]("current", Place{City: "São Paulo&", Unit: "fahrenheit"})
	if err != nil || weather.Temperature != 68 {
		t.Errorf("current gives %v, %v", weather, err)
	}
}

func TestCurrent_Errors(t *testing.T) {
	serve(t)
	for place, code := range map[Place]string{
		{}: "no-city", {City: "Bern", Unit: "kelvin"}: "bad-unit", {City: "Nowhere"}: "unknown-city", {City: "Broken"}: "no-weather", {City: "Down"}: "no-weather",
	} {
		_, err := sdktest.InvokeJSON[Weather]("current", place)
		var failure *sdk.Error
		if !errors.As(err, &failure) || failure.Code != code {
			t.Errorf("current of %v: %v", place, err)
		}
	}
	if lines := sdktest.Log(); len(lines) != 2 {
		t.Errorf("the log has %v", lines)
	}
	sdktest.Config(nil)
	_, err := sdktest.InvokeJSON[Weather]("current", Place{City: "Bern"})
	var failure *sdk.Error
	if !errors.As(err, &failure) || failure.Code != "not-configured" {
		t.Errorf("without a configuration: %v", err)
	}
}
