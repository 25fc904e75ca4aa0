package main

// pingPong sends a number n times to another goroutine and back: channels and the scheduler.
//
//go:wasmexport pingPong
func pingPong(n int32) int64 {
	ping, pong := make(chan int64), make(chan int64)
	go func() {
		for value := range ping {
			pong <- value + 1
		}
		close(pong)
	}()
	var value int64
	for i := range n {
		ping <- value + int64(i)
		value = <-pong
	}
	close(ping)
	<-pong
	return value
}
