package main

import (
	"bytes"
	"encoding/json"
)

// schema is a JSON Schema (2020-12) of what encoding/json reads or writes for a Go type.
type schema struct {
	Ref                  string    `json:"$ref,omitempty"`
	Title                string    `json:"title,omitempty"`
	Description          string    `json:"description,omitempty"`
	Type                 typeSet   `json:"type,omitempty"`
	Format               string    `json:"format,omitempty"`
	ContentEncoding      string    `json:"contentEncoding,omitempty"`
	Minimum              *number   `json:"minimum,omitempty"`
	Maximum              *number   `json:"maximum,omitempty"`
	Items                *schema   `json:"items,omitempty"`
	MinItems             *int64    `json:"minItems,omitempty"`
	MaxItems             *int64    `json:"maxItems,omitempty"`
	Properties           *named    `json:"properties,omitempty"`
	Required             []string  `json:"required,omitempty"`
	AdditionalProperties *schema   `json:"additionalProperties,omitempty"`
	AnyOf                []*schema `json:"anyOf,omitempty"`
	Defs                 *named    `json:"$defs,omitempty"`
}

// number is written as it stands: no double comes near it.
type number string

func (n number) MarshalJSON() ([]byte, error) { return []byte(n), nil }

// typeSet is a type, or a type and null.
type typeSet []string

func (t typeSet) MarshalJSON() ([]byte, error) {
	if len(t) == 1 {
		return json.Marshal(t[0])
	}
	return json.Marshal([]string(t))
}

// named are schemas in the order in which they were added.
type named struct {
	names   []string
	schemas []*schema
}

func (n *named) add(name string, s *schema) {
	n.names = append(n.names, name)
	n.schemas = append(n.schemas, s)
}

func (n *named) MarshalJSON() ([]byte, error) {
	var text bytes.Buffer
	text.WriteByte('{')
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	for i, name := range n.names {
		if i > 0 {
			text.WriteByte(',')
		}
		if err := encoder.Encode(name); err != nil {
			return nil, err
		}
		text.WriteByte(':')
		if err := encoder.Encode(n.schemas[i]); err != nil {
			return nil, err
		}
	}
	text.WriteByte('}')
	return text.Bytes(), nil
}

// orNull allows null beside what a schema allows.
func (s *schema) orNull() *schema {
	switch {
	case s.Ref != "":
		return &schema{AnyOf: []*schema{s, {Type: typeSet{"null"}}}}
	case len(s.Type) == 1:
		s.Type = append(s.Type, "null")
	}
	return s
}

// notNull takes it back, for what is left out where it is nil.
func (s *schema) notNull() *schema {
	switch {
	case len(s.AnyOf) == 2:
		return s.AnyOf[0]
	case len(s.Type) == 2:
		s.Type = s.Type[:1]
	}
	return s
}
