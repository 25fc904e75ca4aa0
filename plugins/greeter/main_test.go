package main

import (
	"testing"
	"unsafe"
)

func TestGreet(t *testing.T) {
	for times, want := range map[int32]string{-1: "", 0: "", 1: "Hello, Gopher!", 2: "Hello, Gopher! Hello, Gopher!"} {
		Greet("Gopher", times)
		if result != want {
			t.Errorf("Greet gives %q", result)
		}
	}
	if Greet("x", 1<<30); len(result) != 100*len("Hello, x! ")-1 {
		t.Errorf("Greet gives %d bytes", len(result))
	}
}

func TestRemember_KeepsACopy(t *testing.T) {
	memory := []byte("memory of the host")
	kept := Remember(unsafe.String(&memory[0], len(memory)))
	clear(memory)
	if Recall(uint32(kept - 1)); result != "memory of the host" {
		t.Errorf("Recall gives %q", result)
	}
	if packed := Recall(uint32(kept)); packed&(1<<31) == 0 || result != `{"message":"only 1 texts are kept","code":"not-kept"}` {
		t.Errorf("Recall of what is not there gives %q", result)
	}
}

func TestSum(t *testing.T) {
	data := []byte{255, 255, 1}
	if sum := Sum(&data[0], 3); sum != 511 {
		t.Errorf("Sum gives %d", sum)
	}
}
