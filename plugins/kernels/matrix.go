package main

// matrix multiplies two n by n matrices and returns the trace: nested loops over slices.
//
//go:wasmexport matrix
func matrix(n int32) float64 {
	size := int(max(n, 0))
	a, b, c := make([]float64, size*size), make([]float64, size*size), make([]float64, size*size)
	for i := range a {
		a[i], b[i] = float64(i%7), float64(i%5)
	}
	for i := range size {
		for j := range size {
			var sum float64
			for k := range size {
				sum += a[i*size+k] * b[k*size+j]
			}
			c[i*size+j] = sum
		}
	}
	var trace float64
	for i := range size {
		trace += c[i*size+i]
	}
	return trace
}
