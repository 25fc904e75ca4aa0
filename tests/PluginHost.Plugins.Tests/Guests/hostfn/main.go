// Package main is a guest for tests: it calls the host's functions by their bare declarations, takes what it needs from its configuration, and prints what
// came of it.
package main

import (
	"encoding/binary"
	"fmt"
	"strconv"
	"unsafe"
)

func main() {}

// taken fetches the bytes that a host function has left, or says which error it was.
func taken(result int64) string {
	if result < 0 {
		text := make([]byte, 4096)
		length := take(unsafe.Pointer(unsafe.SliceData(text)), uint32(len(text)))
		return fmt.Sprintf("%d %s", result, text[:max(length, 0)])
	}
	if result == 0 {
		return ""
	}
	bytes := make([]byte, result)
	length := take(unsafe.Pointer(unsafe.SliceData(bytes)), uint32(len(bytes)))
	return string(bytes[:max(length, 0)])
}

func config(key string) string { return taken(configGet(key)) }

// show prints a value and a secret of the configuration, and a key that there is not.
//
//go:wasmexport show
func show() {
	fmt.Println("config:", config("greeting"))
	fmt.Println("secret:", taken(secretGet("token")))
	fmt.Println("missing:", configGet("missing"), secretGet("missing"))
}

// now gives the time of day.
//
//go:wasmexport now
func now() int64 { return clockNow() }

// whoami prints the invocation that runs.
//
//go:wasmexport whoami
func whoami() int64 {
	text := taken(invocation())
	fmt.Println(text)
	return int64(len(text))
}

// note writes structured lines of every level.
//
//go:wasmexport note
func note() {
	log(-4, "looking", "")
	log(0, "order placed", `{"order": 7, "total": 12.5, "note": "two\nlines"}`)
	log(5, "slow", `{"nested":{"a":[1,2]}}`)
	log(8, "failed", "no object")
}

// flood writes so many log lines of 8 KiB.
//
//go:wasmexport flood
func flood(lines int32) {
	text := string(make([]byte, 8192))
	for range lines {
		log(0, text, "")
	}
}

// partial takes less than there is, and then again.
//
//go:wasmexport partial
func partial() int64 {
	length := configGet("greeting")
	bytes := make([]byte, 3)
	first := take(unsafe.Pointer(unsafe.SliceData(bytes)), 3)
	second := take(unsafe.Pointer(unsafe.SliceData(bytes)), 3)
	fmt.Println(string(bytes))
	return length*10000 + first*100 - second
}

// set stores a value of so many bytes.
//
//go:wasmexport set
func set(key, length int32) int64 { return kvSet(strconv.Itoa(int(key)), string(make([]byte, length))) }

// setMany stores empty values under so many keys, and gives the first error or the number of keys.
//
//go:wasmexport setMany
func setMany(keys int32) int64 {
	for key := range keys {
		if result := kvSet(strconv.Itoa(int(key)), ""); result < 0 {
			return result
		}
	}
	return int64(keys)
}

// get gives a value's length and version, or an error.
//
//go:wasmexport get
func get(key int32) int64 {
	var entry kvEntry
	result := kvGet(strconv.Itoa(int(key)), &entry)
	if result < 0 {
		return result
	}
	if uint32(result) != entry.Length || len(taken(result)) != int(result) {
		return -100
	}
	return int64(entry.Version)*10000 + result
}

// increment counts a stored number up by compare-and-swap, however many others do so too.
//
//go:wasmexport increment
func increment(times int32) int64 {
	done := int64(0)
	for range times {
		for {
			var entry kvEntry
			number := uint64(0)
			if result := kvGet("counter", &entry); result >= 0 {
				number = binary.LittleEndian.Uint64([]byte(taken(result)))
			} else if result != -1 {
				return result
			}
			bytes := binary.LittleEndian.AppendUint64(nil, number+1)
			result := kvCas("counter", string(bytes), entry.Version)
			if result >= 0 {
				done++
				break
			}
			if result != -2 {
				return result
			}
		}
	}
	return done
}

// counter gives the number that increment counts.
//
//go:wasmexport counter
func counter() int64 {
	var entry kvEntry
	if result := kvGet("counter", &entry); result < 0 {
		return result
	} else {
		return int64(binary.LittleEndian.Uint64([]byte(taken(result))))
	}
}

// keys goes through what the store can do, and prints each step.
//
//go:wasmexport keys
func keys() {
	var entry kvEntry
	fmt.Println("get nothing:", kvGet("a/1", &entry))
	first := kvSet("a/1", "one")
	kvSet("a/2", "two")
	kvSet("b/1", "Grüße")
	fmt.Println("get:", taken(kvGet("a/1", &entry)), entry.Version == uint64(first), entry.Length, entry.Flags)
	fmt.Println("list a/:", len(taken(kvList("a/", "", 0))) > 0, keysOf("a/", "", 0))
	fmt.Println("list after:", keysOf("", "a/1", 0))
	fmt.Println("list limit:", keysOf("", "", 1))
	fmt.Println("cas new on old:", kvCas("a/1", "x", 0))
	fmt.Println("cas stale:", kvCas("a/1", "x", uint64(first)+100))
	second := kvCas("a/1", "uno", uint64(first))
	fmt.Println("cas:", second > first, taken(kvGet("a/1", &entry)))
	fmt.Println("delete stale:", kvDelete("a/1", uint64(first)))
	fmt.Println("delete:", kvDelete("a/1", uint64(second)), kvDelete("a/2", 0), kvDelete("a/2", 0))
	third := kvCas("a/1", "anew", 0)
	fmt.Println("cas new:", third > second)
	fmt.Println("bad keys:", kvSet("", "x"), kvSet(string(make([]byte, 257)), "x"), kvSet("\xff", "x"), kvGet("", &entry))
	fmt.Println("umlaut:", taken(kvGet("b/1", &entry)))
	fmt.Println("empty:", kvSet("c", "") > 0, kvGet("c", &entry), entry.Length)
}

func keysOf(prefix, after string, limit uint32) string { return taken(kvList(prefix, after, limit)) }

// callOther calls the export of the plugin that the configuration names, with its arguments, and prints the answer.
//
//go:wasmexport callOther
func callOther() int64 {
	result := call(config("plugin"), config("export"), config("arguments"))
	answer := taken(result)
	fmt.Println(answer)
	return result
}

// recurse has the plugin call itself so many levels deeper, and gives the depth that was reached.
//
//go:wasmexport recurse
func recurse(level int32) int64 {
	if level == 0 {
		return 0
	}
	result := call(config("self"), "recurse", fmt.Sprintf(`{"args":[%d]}`, level-1))
	answer := taken(result)
	if result < 0 {
		fmt.Println(answer)
		return result
	}
	var below int64
	fmt.Sscanf(answer, `{"results":["%d"]}`, &below)
	if below < 0 {
		return below
	}
	return below + 1
}

// spin computes until it is stopped.
//
//go:wasmexport spin
func spin() {
	for i := 0; ; i++ {
		spun = i
	}
}

var spun int

// fetch sends the request that the configuration describes, prints the answer's head and body, and gives the body's length or the error.
//
//go:wasmexport fetch
func fetch(timeoutMs int32) int64 {
	method, url, headers, body := config("method"), config("url"), config("headers"), config("body")
	request := httpRequest{
		Method: of(method), URL: of(url), Headers: of(headers), Body: of(body), TimeoutMs: uint32(timeoutMs),
	}
	result := httpSend(&request)
	answer := taken(result)
	if result < 0 {
		fmt.Println(answer)
		return result
	}
	head := binary.LittleEndian.Uint32([]byte(answer))
	fmt.Println(answer[4 : 4+head])
	text := answer[4+head:]
	fmt.Println(text[:min(len(text), 1000)])
	return int64(len(text))
}

// repeat calls a function so many times: 0 the clock, 1 a configuration value with its bytes, 2 a stored value with its bytes, 3 a stored value written, 4 a log line.
//
//go:wasmexport repeat
func repeat(function, times int32) int64 {
	var entry kvEntry
	value := string(make([]byte, 100))
	sum := int64(0)
	for range times {
		switch function {
		case 0:
			sum += clockNow()
		case 1:
			sum += int64(len(config("greeting")))
		case 2:
			sum += int64(len(taken(kvGet("repeated", &entry))))
		case 3:
			sum += kvSet("repeated", value)
		case 4:
			log(0, value, "")
		}
	}
	return sum
}
