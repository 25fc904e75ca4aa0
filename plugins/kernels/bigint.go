package main

import "math/big"

// bigIntegers computes n factorial and divides it down again, and returns what the remainders add up to: carries and long division.
//
//go:wasmexport bigIntegers
func bigIntegers(n int32) int64 {
	product, factor := big.NewInt(1), new(big.Int)
	for i := range n {
		product.Mul(product, factor.SetInt64(int64(i)+1))
	}
	var sum int64
	divisor, remainder := big.NewInt(1_000_000_007), new(big.Int)
	for product.Sign() > 0 {
		product.QuoRem(product, divisor, remainder)
		sum += remainder.Int64()
	}
	return sum
}
