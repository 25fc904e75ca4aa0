package main

import "encoding/json"

type record struct {
	Name   string            `json:"name"`
	Values []float64         `json:"values"`
	Labels map[string]string `json:"labels"`
}

// jsonRoundTrip marshals and reads back a small record n times and returns the bytes written: reflection, allocation, collection.
//
//go:wasmexport jsonRoundTrip
func jsonRoundTrip(n int32) int64 {
	value := record{Name: "kernel", Values: []float64{1, 2.5, 1e100, -0.125}, Labels: map[string]string{"a": "x", "b": "y", "c": "\"quoted\""}}
	var sum int64
	for range n {
		text, err := json.Marshal(value)
		if err != nil {
			return -1
		}
		sum += int64(len(text))
		if err := json.Unmarshal(text, &value); err != nil {
			return -2
		}
	}
	return sum
}
