package main

import "pluginhost.dev/sdk"

func main() {}

var name = "variable"

func init() {
	sdk.JSON(name, func(int) (int, error) { return 0, nil })
	sdk.JSON("channel", func(struct{ In []chan int }) (int, error) { return 0, nil })
	sdk.JSON("complex", func(int) (complex64, error) { return 0, nil })
	sdk.JSON("keys", func(map[struct{}]int) (int, error) { return 0, nil })
	sdk.Bytes("bad name", echo)
	sdk.Bytes("taken", echo)
	// A wide type is refused.
	//pluginhost:content-type text/plain
	sdk.JSON("wide", func(w7) (int, error) { return 0, nil })
}

func register[T any]() {
	sdk.JSON("parameter", func(T) (int, error) { return 0, nil })
}

func echo(in []byte) ([]byte, error) { return in, nil }

type w1 struct{ A, B, C, D int }
type w2 struct{ A, B, C, D w1 }
type w3 struct{ A, B, C, D w2 }
type w4 struct{ A, B, C, D w3 }
type w5 struct{ A, B, C, D w4 }
type w6 struct{ A, B, C, D w5 }
type w7 struct{ A, B, C, D w6 }
