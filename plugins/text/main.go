// Command text is a reactor that works on text it generates: fmt, strings, encoding/json, regexp. Numbers go in, checksums come out.
package main

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"regexp"
	"sort"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checksum stands for a text in a scalar result.
func checksum(text string) uint64 {
	sum := fnv.New64a()
	sum.Write([]byte(text))
	return sum.Sum64()
}

// words generates n words from a seed, some of them not ASCII.
func words(seed uint64, n int32) []string {
	syllables := []string{"go", "wa", "sm", "plug", "in", "ho", "st", "é", "ß", "λό", "語", "🙂"}
	list := make([]string, max(n, 0))
	for i := range list {
		var word strings.Builder
		for range 1 + seed>>60%4 {
			seed = seed*6364136223846793005 + 1442695040888963407
			word.WriteString(syllables[seed>>33%uint64(len(syllables))])
		}
		list[i] = word.String()
	}
	return list
}

// format prints a line with every common verb and returns its checksum.
//
//go:wasmexport format
func format(i int64, x float64) uint64 {
	return checksum(fmt.Sprintf("%d|%+06d|%x|%o|%b|%v|%g|%e|%.3f|%10.2f|%q|%t|%T|%v|%U", i, i, uint64(i), i, i, x, x, x, x, x,
		strconv.FormatInt(i, 36), i > 0, x, []any{i, x, "s", nil, map[string]int64{"b": i, "a": 1}}, rune(i&0xffff)))
}

// formatFloat prints x in the shortest form that reads back the same and returns the checksum.
//
//go:wasmexport formatFloat
func formatFloat(x float64) uint64 { return checksum(strconv.FormatFloat(x, 'g', -1, 64)) }

// parseFloat reads back what formatFloat prints and reports whether it is the same number.
//
//go:wasmexport parseFloat
func parseFloat(x float64) bool {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', -1, 64), 64)
	return err == nil && (math.Float64bits(x) == math.Float64bits(y) || x != x && y != y)
}

// transform joins, splits, replaces, maps and sorts n generated words.
//
//go:wasmexport transform
func transform(seed uint64, n int32) uint64 {
	text := strings.Join(words(seed, n), " ")
	text = strings.ReplaceAll(strings.ToUpper(text), "GO", "Gopher")
	text = strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return r
	}, text)
	fields := strings.Fields(text)
	sort.Strings(fields)
	return checksum(strings.Join(fields, "\n"))
}

// runes counts the characters of n generated words.
//
//go:wasmexport runes
func runes(seed uint64, n int32) int32 {
	return int32(utf8.RuneCountInString(strings.Join(words(seed, n), "")))
}

type entry struct {
	Index int                `json:"index"`
	Word  string             `json:"word"`
	Even  bool               `json:"even,omitempty"`
	Ratio float64            `json:"ratio"`
	Tags  []string           `json:"tags"`
	Sizes map[string]float64 `json:"sizes,omitempty"`
}

// jsonRoundTrip marshals n generated entries, reads them back, marshals them again and returns the checksum; 0 when the two texts differ.
//
//go:wasmexport jsonRoundTrip
func jsonRoundTrip(seed uint64, n int32) uint64 {
	var entries []entry
	for i, word := range words(seed, n) {
		entries = append(entries, entry{
			Index: i, Word: word, Even: i%2 == 0, Ratio: float64(i) / 7, Tags: words(seed+uint64(i), 3),
			Sizes: map[string]float64{"bytes": float64(len(word)), "runes": float64(utf8.RuneCountInString(word))},
		})
	}
	first, err := json.Marshal(entries)
	if err != nil {
		return 0
	}
	var back []entry
	if err := json.Unmarshal(first, &back); err != nil {
		return 0
	}
	second, err := json.MarshalIndent(back, "", "\t")
	if err != nil {
		return 0
	}
	third, _ := json.Marshal(back)
	if string(first) != string(third) {
		return 0
	}
	return checksum(string(second))
}

var pattern = regexp.MustCompile(`(?i)\b(go|wa)+(sm)?(\pL*)\b`)

// match finds a pattern in n generated words and returns the checksum of what it found and replaced.
//
//go:wasmexport match
func match(seed uint64, n int32) uint64 {
	text := strings.Join(words(seed, n), " ")
	found := pattern.FindAllStringSubmatchIndex(text, -1)
	return checksum(fmt.Sprint(found) + pattern.ReplaceAllString(text, "<$1-$3>"))
}

// greet writes n lines to standard output.
//
//go:wasmexport greet
func greet(n int32) {
	for i := range n {
		fmt.Printf("hello %d\n", i)
	}
}
