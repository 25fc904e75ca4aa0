package main

import (
	"go/token"
	"go/types"
	"math/big"
	"strings"
)

// maximumSchemas bounds types that fan out: a manifest of so many would be refused anyway.
const maximumSchemas = 5000

// schemaBuilder makes the schema of one type.
type schemaBuilder struct {
	analysis  *analysis
	pos       token.Pos
	what      string
	output    bool
	count     int
	failed    bool
	openTypes []types.Type
	recursive map[string]bool
	defs      *named
	defined   map[string]bool
	names     map[string]types.Type
}

// schema gives the schema of a type as encoding/json sees it; problems are reported at the position. Types that contain themselves
// stand in $defs, all others where they are used.
func (a *analysis) schema(pos token.Pos, what string, t types.Type, output bool) *schema {
	b := &schemaBuilder{analysis: a, pos: pos, what: what, output: output, recursive: map[string]bool{}, names: map[string]types.Type{}}
	b.defs, b.defined = &named{}, map[string]bool{}
	b.of(t, what) // finds those that contain themselves
	if b.failed {
		return nil
	}
	b.count, b.defs, b.defined = 0, &named{}, map[string]bool{}
	result := b.of(t, what)
	if len(b.defs.names) > 0 {
		if result.Ref != "" {
			result = &schema{Ref: result.Ref}
		}
		result.Defs = b.defs
	}
	return result
}

func (b *schemaBuilder) fail(format string, arguments ...any) *schema {
	if !b.failed {
		b.analysis.add(b.pos, format, arguments...)
	}
	b.failed = true
	return &schema{}
}

// of gives the schema of a type; the path is how it is reached, for people.
func (b *schemaBuilder) of(t types.Type, path string) *schema {
	if b.count++; b.count > maximumSchemas || b.failed {
		return b.fail("%s has more than %d parts", b.what, maximumSchemas)
	}
	if alias, ok := t.(*types.Alias); ok {
		return b.of(types.Unalias(alias), path)
	}
	if _, ok := t.(*types.TypeParam); ok {
		return b.fail("%s is a type parameter, and a manifest needs types", path)
	}
	named, isNamed := t.(*types.Named)
	if !isNamed {
		return b.underlying(t, path)
	}
	if known := b.known(named); known != nil {
		return known
	}
	name := b.nameOf(named)
	for _, open := range b.openTypes {
		if types.Identical(open, t) {
			b.recursive[name] = true
			return &schema{Ref: "#/$defs/" + name}
		}
	}
	if b.defined[name] {
		return &schema{Ref: "#/$defs/" + name}
	}
	b.openTypes = append(b.openTypes, t)
	b.defined[name] = b.recursive[name]
	place := -1
	if b.recursive[name] {
		b.defs.add(name, nil)
		place = len(b.defs.names) - 1
	}
	result := b.underlying(t.Underlying(), path)
	b.openTypes = b.openTypes[:len(b.openTypes)-1]
	if len(result.Type) > 0 && result.Ref == "" {
		if result.Title == "" {
			result.Title = name
		}
		if result.Description == "" {
			result.Description = doc(b.analysis.docs.types[named.Origin().Obj()])
		}
	}
	if place < 0 {
		return result
	}
	b.defs.schemas[place] = result
	return &schema{Ref: "#/$defs/" + name}
}

// known gives the schemas of types that encode themselves.
func (b *schemaBuilder) known(t *types.Named) *schema {
	object := t.Obj()
	if object.Pkg() != nil {
		switch object.Pkg().Path() + "." + object.Name() {
		case "time.Time":
			return &schema{Type: typeSet{"string"}, Format: "date-time"}
		case "time.Duration":
			return &schema{Type: typeSet{"integer"}, Format: "int64", Description: "Nanoseconds."}
		case "encoding/json.Number":
			return &schema{Type: typeSet{"number"}}
		}
	}
	method := func(name string) bool {
		found, _, _ := types.LookupFieldOrMethod(t, true, object.Pkg(), name)
		function, ok := found.(*types.Func)
		return ok && function.Signature().Params().Len() <= 1 && function.Exported()
	}
	if method("MarshalJSON") || method("UnmarshalJSON") {
		return &schema{Description: doc(b.analysis.docs.types[t.Origin().Obj()])}
	}
	if method("MarshalText") || method("UnmarshalText") {
		return &schema{Type: typeSet{"string"}, Title: b.nameOf(t), Description: doc(b.analysis.docs.types[t.Origin().Obj()])}
	}
	return nil
}

// nameOf gives a name that needs no escapes in a reference.
func (b *schemaBuilder) nameOf(t *types.Named) string {
	text := types.TypeString(t, func(p *types.Package) string {
		if p.Name() == "main" {
			return ""
		}
		return p.Name()
	})
	clean := strings.Map(func(r rune) rune {
		if r == '_' || r == '.' || r == '-' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9' || r > 0x7f {
			return r
		}
		return '_'
	}, text)
	clean = strings.TrimRight(clean, "_")
	// Packages of one name may have types of one name.
	for b.names[clean] != nil && !types.Identical(b.names[clean], t) {
		clean += "_"
	}
	b.names[clean] = t
	return clean
}

func (b *schemaBuilder) underlying(t types.Type, path string) *schema {
	switch t := t.(type) {
	case *types.Basic:
		return b.basic(t, path)
	case *types.Pointer:
		return b.of(t.Elem(), path).orNull()
	case *types.Interface:
		return &schema{}
	case *types.Slice:
		if isByte(t.Elem()) {
			return b.nilIsNull(&schema{Type: typeSet{"string"}, ContentEncoding: "base64"})
		}
		return b.nilIsNull(&schema{Type: typeSet{"array"}, Items: b.of(t.Elem(), path+"[]")})
	case *types.Array:
		length := t.Len()
		return &schema{Type: typeSet{"array"}, Items: b.of(t.Elem(), path+"[]"), MinItems: &length, MaxItems: &length}
	case *types.Map:
		if !b.isKey(t.Key()) {
			return b.fail("%s is a map whose keys are %s, and JSON has only texts", path, t.Key())
		}
		return b.nilIsNull(&schema{Type: typeSet{"object"}, AdditionalProperties: b.of(t.Elem(), path+"[]")})
	case *types.Struct:
		return b.structure(t, path)
	}
	return b.fail("%s is %s, which JSON cannot hold", path, t)
}

// nilIsNull is for slices and maps, which are written as null where they are nil.
func (b *schemaBuilder) nilIsNull(s *schema) *schema {
	if b.output {
		return s.orNull()
	}
	return s
}

func isByte(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Uint8
}

func (b *schemaBuilder) isKey(t types.Type) bool {
	if named, ok := types.Unalias(t).(*types.Named); ok {
		if known := b.known(named); known != nil && len(known.Type) == 1 && known.Type[0] == "string" {
			return true
		}
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&(types.IsString|types.IsInteger) != 0
}

func (b *schemaBuilder) basic(t *types.Basic, path string) *schema {
	switch info := t.Info(); {
	case info&types.IsBoolean != 0:
		return &schema{Type: typeSet{"boolean"}}
	case info&types.IsString != 0:
		return &schema{Type: typeSet{"string"}}
	case info&types.IsFloat != 0:
		return &schema{Type: typeSet{"number"}, Format: map[bool]string{true: "float", false: "double"}[t.Kind() == types.Float32]}
	case info&types.IsInteger != 0:
		return integer(t)
	}
	return b.fail("%s is %s, which JSON cannot hold", path, t)
}

// integer bounds what has fewer bits than a format names.
func integer(t *types.Basic) *schema {
	bits := map[types.BasicKind]uint{types.Int8: 8, types.Uint8: 8, types.Int16: 16, types.Uint16: 16, types.Int32: 32, types.Uint32: 32}[t.Kind()]
	result := &schema{Type: typeSet{"integer"}}
	if t.Info()&types.IsUnsigned != 0 {
		result.Minimum = text(big.NewInt(0))
		if bits == 0 {
			bits = 64
		}
		result.Maximum = text(new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(1)))
		return result
	}
	switch bits {
	case 0:
		result.Format = "int64"
	case 32:
		result.Format = "int32"
	default:
		result.Minimum, result.Maximum = text(big.NewInt(-1<<(bits-1))), text(big.NewInt(1<<(bits-1)-1))
	}
	return result
}

func text(value *big.Int) *number {
	result := number(value.String())
	return &result
}

// structure gives an object with the fields that encoding/json sees.
func (b *schemaBuilder) structure(t *types.Struct, path string) *schema {
	result := &schema{Type: typeSet{"object"}}
	for _, field := range fieldsOf(t) {
		property := b.of(field.variable.Type(), path+"."+field.variable.Name())
		if field.quoted {
			property = &schema{Type: typeSet{"string"}, Description: "As a text: " + strings.Join(property.Type, " or ") + "."}
		}
		if (field.omitEmpty || field.omitZero) && b.output {
			property = property.notNull()
		}
		if comment := b.analysis.docs.fields[field.variable]; comment != "" {
			property.Description = comment
		}
		if result.Properties == nil {
			result.Properties = &named{}
		}
		result.Properties.add(field.name, property)
		if _, pointer := field.variable.Type().Underlying().(*types.Pointer); !field.omitEmpty && !field.omitZero && (b.output || !pointer) {
			if field.embeddedPointer {
				continue
			}
			result.Required = append(result.Required, field.name)
		}
	}
	return result
}
