package main

import (
	"strconv"
	"strings"
)

// stringsRoundTrip writes n numbers as text, splits, replaces and parses them back: copying, searching and formatting.
//
//go:wasmexport strings
func stringsRoundTrip(n int32) int64 {
	var text strings.Builder
	for i := range n {
		text.WriteString(strconv.Itoa(int(i) * 7919))
		text.WriteString(";")
		text.WriteString(strconv.FormatFloat(float64(i)/8, 'g', -1, 64))
		text.WriteByte('\n')
	}
	var sum int64
	for _, line := range strings.Split(strings.ReplaceAll(text.String(), ";", ", "), "\n") {
		left, right, found := strings.Cut(line, ", ")
		if !found {
			continue
		}
		whole, err := strconv.ParseInt(left, 10, 64)
		if err != nil {
			return -1
		}
		fraction, err := strconv.ParseFloat(right, 64)
		if err != nil {
			return -2
		}
		sum += whole + int64(fraction*8)
	}
	return sum
}
