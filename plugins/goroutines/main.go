// Command goroutines is a reactor whose exports need Go's scheduler: workers, channels, select, timers, contexts.
package main

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// squares sums the squares of 1 to n, computed by a pool of workers.
//
//go:wasmexport squares
func squares(n, workers int32) int64 {
	jobs, results := make(chan int64), make(chan int64)
	var running sync.WaitGroup
	for range max(workers, 1) {
		running.Add(1)
		go func() {
			defer running.Done()
			for job := range jobs {
				results <- job * job
			}
		}()
	}
	go func() {
		for i := int64(1); i <= int64(n); i++ {
			jobs <- i
		}
		close(jobs)
		running.Wait()
		close(results)
	}()
	var sum int64
	for result := range results {
		sum += result
	}
	return sum
}

// pingPong passes a number to and fro n times over two channels.
//
//go:wasmexport pingPong
func pingPong(n int32) int32 {
	ping, pong := make(chan int32), make(chan int32)
	go func() {
		for x := range ping {
			pong <- x + 1
		}
		close(pong)
	}()
	var x int32
	for range n {
		ping <- x
		x = <-pong
	}
	close(ping)
	<-pong
	return x
}

// pipeline sends 1 to n through as many goroutines as stages, each adding one.
//
//go:wasmexport pipeline
func pipeline(n, stages int32) int64 {
	source := make(chan int64)
	var out <-chan int64 = source
	for range stages {
		in, next := out, make(chan int64)
		go func() {
			for x := range in {
				next <- x + 1
			}
			close(next)
		}()
		out = next
	}
	go func() {
		for i := int64(1); i <= int64(n); i++ {
			source <- i
		}
		close(source)
	}()
	var sum int64
	for x := range out {
		sum += x
	}
	return sum
}

// fanIn selects over two senders until both are done.
//
//go:wasmexport fanIn
func fanIn(n int32) int64 {
	send := func(step int64) <-chan int64 {
		c := make(chan int64, 3)
		go func() {
			for i := int64(1); i <= int64(n); i++ {
				c <- i * step
			}
			close(c)
		}()
		return c
	}
	ones, thousands := send(1), send(1000)
	var sum int64
	for ones != nil || thousands != nil {
		select {
		case x, open := <-ones:
			if !open {
				ones = nil
			}
			sum += x
		case x, open := <-thousands:
			if !open {
				thousands = nil
			}
			sum += x
		}
	}
	return sum
}

// locked counts to n from several goroutines under one mutex, yielding inside the lock.
//
//go:wasmexport locked
func locked(n, goroutines int32) int64 {
	var mutex sync.Mutex
	var count int64
	var running sync.WaitGroup
	for range goroutines {
		running.Add(1)
		go func() {
			defer running.Done()
			for range n {
				mutex.Lock()
				seen := count
				runtime.Gosched()
				count = seen + 1
				mutex.Unlock()
			}
		}()
	}
	running.Wait()
	return count
}

// atomicCount counts to n from several goroutines without a lock.
//
//go:wasmexport atomicCount
func atomicCount(n, goroutines int32) int64 {
	var count atomic.Int64
	var running sync.WaitGroup
	for range goroutines {
		running.Add(1)
		go func() {
			defer running.Done()
			for range n {
				count.Add(1)
			}
		}()
	}
	running.Wait()
	return count.Load()
}

// sleep sleeps for the given milliseconds and reports whether at least that much time has passed.
//
//go:wasmexport sleep
func sleep(milliseconds uint32) bool {
	pause := time.Duration(milliseconds) * time.Millisecond
	begin := time.Now()
	time.Sleep(pause)
	return time.Since(begin) >= pause
}

// sleepers lets n goroutines sleep side by side and returns how many woke up.
//
//go:wasmexport sleepers
func sleepers(n int32, milliseconds uint32) int32 {
	var awake atomic.Int32
	var running sync.WaitGroup
	for range n {
		running.Add(1)
		go func() {
			defer running.Done()
			time.Sleep(time.Duration(milliseconds) * time.Millisecond)
			awake.Add(1)
		}()
	}
	running.Wait()
	return awake.Load()
}

// timeout waits for work under a context and returns 0 when the work was done first, 1 when the time was up first.
//
//go:wasmexport timeout
func timeout(workMilliseconds, limitMilliseconds uint32) int32 {
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(limitMilliseconds)*time.Millisecond)
	defer cancel()
	work := time.NewTimer(time.Duration(workMilliseconds) * time.Millisecond)
	defer work.Stop()
	select {
	case <-work.C:
		return 0
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.DeadlineExceeded) {
			return 1
		}
		return 2
	}
}

// ticks waits for n ticks of the given milliseconds and returns how many came.
//
//go:wasmexport ticks
func ticks(n int32, milliseconds uint32) int32 {
	ticker := time.NewTicker(time.Duration(max(milliseconds, 1)) * time.Millisecond)
	defer ticker.Stop()
	var count int32
	for count < n {
		<-ticker.C
		count++
	}
	return count
}

// recovered panics in a goroutine of its own, recovers there and returns what was recovered.
//
//go:wasmexport recovered
func recovered(x int32) int32 {
	result := make(chan int32)
	go func() {
		defer func() { result <- recover().(int32) }()
		panic(x)
	}()
	return <-result
}
