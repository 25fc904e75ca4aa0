package main

import (
	"go/types"
	"reflect"
	"slices"
	"strings"
	"unicode"
)

// field is a field of a struct as encoding/json sees it.
type field struct {
	name                string
	variable            *types.Var
	index               []int
	tagged, quoted      bool
	omitEmpty, omitZero bool
	// embeddedPointer tells that it is reached through a pointer, and missing where that is nil.
	embeddedPointer bool
}

// fieldsOf gives a struct's fields, those of embedded structs among them. Of several with one name the least nested counts; of several
// of those the only one with a tag; otherwise none. This is Go's rule for selectors, as amended by encoding/json.
func fieldsOf(root *types.Struct) []field {
	type level struct {
		structure *types.Struct
		index     []int
		pointer   bool
	}
	var all []field
	visited := map[types.Type]bool{}
	for next := []level{{structure: root}}; len(next) > 0; {
		current := next
		next = nil
		for _, one := range current {
			for i := range one.structure.NumFields() {
				variable := one.structure.Field(i)
				embedded := types.Unalias(variable.Type())
				pointer, isPointer := embedded.(*types.Pointer)
				if isPointer {
					embedded = types.Unalias(pointer.Elem())
				}
				inner, isStruct := embedded.Underlying().(*types.Struct)
				if !variable.Exported() && !(variable.Embedded() && isStruct) {
					continue
				}
				tag := reflect.StructTag(one.structure.Tag(i)).Get("json")
				if tag == "-" {
					continue
				}
				name, options, _ := strings.Cut(tag, ",")
				if !validTag(name) {
					name = ""
				}
				index := append(slices.Clone(one.index), i)
				if name == "" && variable.Embedded() && isStruct {
					if !visited[embedded] {
						visited[embedded] = true
						next = append(next, level{inner, index, one.pointer || isPointer})
					}
					continue
				}
				if !variable.Exported() {
					continue
				}
				found := field{name: name, variable: variable, index: index, tagged: name != "", embeddedPointer: one.pointer}
				if name == "" {
					found.name = variable.Name()
				}
				for _, option := range strings.Split(options, ",") {
					switch option {
					case "omitempty":
						found.omitEmpty = true
					case "omitzero":
						found.omitZero = true
					case "string":
						basic, isBasic := embedded.Underlying().(*types.Basic)
						found.quoted = isBasic && basic.Info()&(types.IsBoolean|types.IsNumeric|types.IsString) != 0
					}
				}
				all = append(all, found)
			}
		}
	}
	return dominant(all)
}

// dominant leaves of the fields with one name the one that counts, in the order of the source.
func dominant(all []field) []field {
	byName := map[string][]field{}
	for _, one := range all {
		byName[one.name] = append(byName[one.name], one)
	}
	var result []field
	for _, one := range all {
		rivals := byName[one.name]
		if !slices.ContainsFunc(rivals, func(other field) bool {
			return !slices.Equal(other.index, one.index) && !beats(one, other)
		}) {
			result = append(result, one)
		}
	}
	slices.SortStableFunc(result, func(a, b field) int { return slices.Compare(a.index, b.index) })
	return result
}

func beats(one, other field) bool {
	if len(one.index) != len(other.index) {
		return len(one.index) < len(other.index)
	}
	return one.tagged && !other.tagged
}

// validTag is the rule of encoding/json for names in tags.
func validTag(name string) bool {
	for _, r := range name {
		if !strings.ContainsRune("!#$%&()*+-./:;<=>?@[]^_{|}~ ", r) && !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return false
		}
	}
	return name != ""
}
