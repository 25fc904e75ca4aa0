package main

import "sort"

// sorted sorts n generated numbers and returns the middle one: indirect calls and swaps.
//
//go:wasmexport sort
func sorted(n int32) int64 {
	numbers := make([]int64, max(n, 1))
	seed := uint64(42)
	for i := range numbers {
		seed = seed*6364136223846793005 + 1442695040888963407
		numbers[i] = int64(seed >> 20)
	}
	sort.Slice(numbers, func(i, j int) bool { return numbers[i] < numbers[j] })
	return numbers[len(numbers)/2]
}
