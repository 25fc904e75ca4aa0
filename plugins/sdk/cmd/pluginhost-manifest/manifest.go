package main

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// What the server takes: the bytes of a manifest, the characters of a doc comment, and the objects and arrays within each other.
const (
	maximumBytes = 256 << 10
	maximumDoc   = 16 << 10
	maximumDepth = 64
)

// manifest is plugin.json.
type manifest struct {
	Manifest int       `json:"manifest"`
	Name     string    `json:"name"`
	Doc      string    `json:"doc,omitempty"`
	Exports  []export  `json:"exports,omitempty"`
	Handlers []handler `json:"handlers,omitempty"`
	Requires []string  `json:"requires,omitempty"`
}

// export is a function under go:wasmexport.
type export struct {
	Name       string      `json:"name"`
	Doc        string      `json:"doc,omitempty"`
	Parameters []parameter `json:"parameters,omitempty"`
	Result     *value      `json:"result,omitempty"`
}

type parameter struct {
	Name string `json:"name"`
	value
}

// handler is a function that was given to the SDK.
type handler struct {
	Name   string `json:"name"`
	Doc    string `json:"doc,omitempty"`
	Input  value  `json:"input"`
	Output value  `json:"output"`
}

// value is what goes in or comes out.
type value struct {
	Type        string  `json:"type"`
	ContentType string  `json:"contentType,omitempty"`
	Schema      *schema `json:"schema,omitempty"`
}

func (m *manifest) text() ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(m); err != nil {
		return nil, err
	}
	if text.Len() > maximumBytes {
		return nil, fmt.Errorf("the manifest has %d bytes, and the server takes %d: give the types fewer doc comments or the handlers smaller types", text.Len(), maximumBytes)
	}
	if depth(text.Bytes()) > maximumDepth {
		return nil, fmt.Errorf("a type has structs, lists or maps within each other so deep that the server would not read the manifest: it reads %d levels of JSON", maximumDepth)
	}
	return text.Bytes(), nil
}

// depth counts how deep objects and arrays lie within each other.
func depth(text []byte) int {
	decoder := json.NewDecoder(bytes.NewReader(text))
	deepest, current := 0, 0
	for {
		token, err := decoder.Token()
		if err != nil {
			return deepest
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			current++
			deepest = max(deepest, current)
		case json.Delim('}'), json.Delim(']'):
			current--
		}
	}
}
