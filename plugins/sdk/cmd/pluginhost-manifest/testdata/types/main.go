package main

import (
	"encoding/json"
	"math/big"
	"net/netip"
	"time"

	"pluginhost.dev/sdk"
)

func main() {}

func init() {
	sdk.JSON("numbers", numbers)
	sdk.JSON("containers", containers)
	sdk.JSON("fields", fields)
	sdk.JSON("tree", tree)
	sdk.JSON("generic", generic)
	sdk.JSON(prefix+"scalars", func(int) (string, error) { return "", nil })

	// mirror is a function without a name.
	//pluginhost:content-type text/plain; charset=utf-8
	sdk.Bytes("mirror", func(in []byte) ([]byte, error) { return in, nil })
	silent := 0 // belongs to this line
	sdk.JSON("silent", func(int) (int, error) { return silent, nil })
	sdk.JSON("method", service{}.serve)
	sdk.JSON[struct{}, any]("explicit", func(struct{}) (any, error) { return nil, nil })
}

const prefix = "just-"

type service struct{}

// serve is a method.
func (service) serve(in bool) (bool, error) { return in, nil }

// Numbers are all there are.
type Numbers struct {
	A int
	B int8
	C int16
	D int32
	E int64
	F uint
	G uint8
	H uint16
	I uint32
	J uint64
	K float32
	L float64
	M json.Number
	N big.Int
	O uintptr
	P bool
	Q celsius
}

// celsius is a temperature.
type celsius float64

func numbers(in Numbers) (Numbers, error) { return in, nil }

type Containers struct {
	Bytes    []byte             `json:"bytes"`
	Octets   []octet            `json:"octets"`
	Fixed    [3]byte            `json:"fixed"`
	List     []string           `json:"list"`
	Optional []string           `json:"optional,omitempty"`
	Grid     [][]int32          `json:"grid"`
	Map      map[string]bool    `json:"map"`
	ByNumber map[int]string     `json:"byNumber,omitempty"`
	ByText   map[netip.Addr]int `json:"byText"`
	Any      any                `json:"any"`
	Raw      json.RawMessage    `json:"raw"`
}

type octet byte

func containers(in Containers) (Containers, error) { return in, nil }

// Base is embedded.
type Base struct {
	ID      int    `json:"id"`
	Shadow  string `json:"shadow"`
	Twice   int
	private int
}

type Other struct {
	Twice int
	Extra string `json:"extra"`
}

type hidden struct {
	FromHidden int
}

type Fields struct {
	Base
	*Other
	hidden
	Named   Base `json:"named"`
	Shadow  int  `json:"shadow"` // Shadow hides the one below.
	Skipped int  `json:"-"`
	Dash    int  `json:"-,"`
	// Pointer may be missing.
	Pointer   *string       `json:"pointer"`
	Omitted   *Base         `json:"omitted,omitempty"`
	Zero      time.Time     `json:"zero,omitzero"`
	When      time.Time     `json:"when"`
	Wait      time.Duration `json:"wait"`
	Address   netip.Addr    `json:"address"`
	AsText    int           `json:"asText,string"`
	BadTag    int           `json:"bad\"tag"`
	Untagged  bool          `yaml:"other"`
	unwritten int
	Anonymous struct {
		X, Y int // Both are coordinates.
	} `json:"anonymous"`
}

func fields(in Fields) (Fields, error) { return in, nil }

// Node is a node with what hangs below it.
type Node struct {
	Value    string          `json:"value"`
	Children []Node          `json:"children"`
	Parent   *Node           `json:"parent,omitempty"`
	Next     *Node           `json:"next"`
	Index    map[string]Tree `json:"index"`
}

// Tree is recursive by itself.
type Tree []Tree

// tree has types that contain themselves.
func tree(in Node) ([]Node, error) { return nil, nil }

// Page is one of many.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next,omitempty"`
}

// generic has generic types, and one that is used twice.
func generic(in struct{ A, B Page[Base] }) (*Page[netip.Addr], error) { return nil, nil }
