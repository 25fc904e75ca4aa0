package main

import (
	"regexp"
	"strconv"
)

var address = regexp.MustCompile(`([a-z]+)([0-9]*)@([a-z]+)\.(org|example)`)

// regexpMatch searches n lines for an address and returns the sum of the groups' bounds: backtracking over a bit set.
//
//go:wasmexport regexp
func regexpMatch(n int32) int64 {
	var sum int64
	for i := range n {
		line := "from: someone, to: user" + strconv.Itoa(int(i)) + "@host.example; seen"
		for _, bound := range address.FindStringSubmatchIndex(line) {
			sum += int64(bound)
		}
	}
	return sum
}
