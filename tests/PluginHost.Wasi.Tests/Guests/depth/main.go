// Command depth is a reactor that nests calls deeply, panics and recovers, and keeps the garbage collector busy.
// Natively it prints what its exports give.
package main

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
)

func main() {
	fmt.Println("checksum", checksum(2_000_000), checksum(1_000))
	fmt.Println("mutual", mutual(300_000))
	fmt.Println("recovered", recovered(200_000))
	fmt.Println("deferred", deferred(20_000))
	fmt.Println("panics", panics(2_000))
	fmt.Println("collected", collected(60))
	fmt.Println("deepGoroutines", deepGoroutines(20_000, 20))
}

// checksum nests n calls, each of which computes on the way down and on the way up.
//
//go:wasmexport checksum
func checksum(n uint32) uint64 { return descend(n, 1, 0.5) }

//go:noinline
func descend(n uint32, seed uint64, part float64) uint64 {
	if n == 0 {
		return seed + uint64(part*1e9)
	}
	next := seed*6364136223846793005 + uint64(n)
	sum := descend(n-1, next, 3.7*part*(1-part))
	return sum ^ next>>17 ^ uint64(part*1e6)
}

type walker interface{ walk(n uint32) uint64 }
type even struct{ other walker }
type odd struct{ step func(walker, uint32) uint64 }

func (e *even) walk(n uint32) uint64 {
	if n == 0 {
		return 1
	}
	return e.other.walk(n-1)*31 + uint64(n)
}

func (o *odd) walk(n uint32) uint64 {
	if n == 0 {
		return 2
	}
	return o.step(o, n)
}

// mutual nests n calls of methods through interfaces, and of a closure.
//
//go:wasmexport mutual
func mutual(n uint32) uint64 {
	back := &even{}
	forth := &odd{step: func(w walker, n uint32) uint64 {
		var frame [32]uint64
		frame[n%32] = uint64(n)
		return back.walk(n-1) ^ frame[n%32]<<3
	}}
	back.other = forth
	return back.walk(n)
}

var errDeep = errors.New("deep")

// recovered panics under n calls, and recovers above them.
//
//go:wasmexport recovered
func recovered(n uint32) (result uint64) {
	defer func() {
		if err, is := recover().(error); is && errors.Is(err, errDeep) {
			result += 1_000_000_000
		}
	}()
	return sink(n, &result)
}

//go:noinline
func sink(n uint32, depth *uint64) uint64 {
	*depth++
	if n == 0 {
		panic(fmt.Errorf("at the end: %w", errDeep))
	}
	return sink(n-1, depth) + 1
}

// deferred nests n calls, each with a deferred one, which the last call's panic runs; every tenth recovers and panics anew.
//
//go:wasmexport deferred
func deferred(n uint32) (sum uint64) {
	defer func() { sum += uint64(recover().(uint32)) }()
	nest(n, &sum)
	return
}

//go:noinline
func nest(n uint32, sum *uint64) {
	defer func() {
		*sum = *sum*3 + uint64(n)
		if n%1000 == 999 {
			panic(recover().(uint32) + 1)
		}
	}()
	if n == 0 {
		panic(uint32(7))
	}
	nest(n-1, sum)
}

// panics panics n times in every way that the runtime has, and recovers.
//
//go:wasmexport panics
func panics(n uint32) uint64 {
	var sum uint64
	for i := range n {
		sum = sum*31 + once(i)
	}
	return sum
}

//go:noinline
func once(i uint32) (kind uint64) {
	defer func() {
		switch err := recover().(type) {
		case runtime.Error:
			kind = uint64(len(err.Error()))
		case string:
			kind = uint64(len(err)) + 100
		}
	}()
	var none []int
	var missing *[1 << 20]int
	var any any = i
	switch i % 6 {
	case 0:
		return uint64(none[i])
	case 1:
		return uint64(missing[i%4])
	case 2:
		return uint64(i / (i - i%7*0 - i))
	case 3:
		return uint64(any.(int64))
	case 4:
		panic("text")
	default:
		return uint64(len(none[i:]))
	}
}

type node struct {
	left, right *node
	name        string
	value       uint64
}

// collected builds trees and maps of which most are garbage at once, and has the collector run in between, n times.
//
//go:wasmexport collected
func collected(n uint32) uint64 {
	kept := map[string]*node{}
	var sum uint64
	for i := range n {
		tree := grow(9, uint64(i))
		for j := range 200 {
			name := fmt.Sprintf("%d-%d", i%7, j)
			kept[name] = &node{left: tree, right: kept[name], name: name, value: sum}
			if j%3 == 0 {
				delete(kept, fmt.Sprintf("%d-%d", (i+3)%7, j))
			}
		}
		if i%5 == 0 {
			runtime.GC()
		}
		sum = sum*31 + tree.total() + uint64(len(kept))
	}
	for i := range 7 {
		for at := kept[fmt.Sprintf("%d-1", i)]; at != nil; at = at.right {
			sum = sum*31 + at.value + at.left.total()
		}
	}
	return sum
}

func grow(depth int, value uint64) *node {
	if depth == 0 {
		return nil
	}
	return &node{left: grow(depth-1, value*2), right: grow(depth-1, value*2+1), value: value}
}

func (n *node) total() uint64 {
	if n == nil {
		return 1
	}
	return n.left.total()*3 + n.right.total() + n.value
}

// deepGoroutines has several goroutines nest n calls each, and give way to each other at the bottom.
//
//go:wasmexport deepGoroutines
func deepGoroutines(n, goroutines uint32) uint64 {
	results := make(chan uint64)
	for g := range goroutines {
		go func() { results <- yielding(n, uint64(g)) }()
	}
	var sum uint64
	for range goroutines {
		sum += <-results
	}
	return sum
}

//go:noinline
func yielding(n uint32, seed uint64) uint64 {
	if n%1000 == 0 {
		runtime.Gosched()
	}
	if n == 0 {
		return seed
	}
	return yielding(n-1, seed*31+uint64(n))*7 + seed
}

// endless nests calls until Go's own limit on a stack ends the program.
//
//go:wasmexport endless
func endless(maximumStack uint32) uint64 {
	debug.SetMaxStack(int(maximumStack))
	return forever(1)
}

//go:noinline
func forever(n uint64) uint64 { return forever(n+1)*3 + n }
