package main

// mandelbrot counts the points of an n by n grid that stay bounded for 50 steps: float arithmetic and unpredictable exits.
//
//go:wasmexport mandelbrot
func mandelbrot(n int32) int32 {
	var inside int32
	for y := range n {
		for x := range n {
			cr, ci := 2*float64(x)/float64(n)-1.5, 2*float64(y)/float64(n)-1
			var zr, zi float64
			step := 0
			for step < 50 && zr*zr+zi*zi <= 4 {
				zr, zi = zr*zr-zi*zi+cr, 2*zr*zi+ci
				step++
			}
			if step == 50 {
				inside++
			}
		}
	}
	return inside
}
