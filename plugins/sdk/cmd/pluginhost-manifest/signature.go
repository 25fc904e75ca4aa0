package main

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// scalar gives the manifest's word for a type that go:wasmexport takes, empty for any other.
func scalar(t types.Type) string {
	switch t := t.Underlying().(type) {
	case *types.Basic:
		return map[types.BasicKind]string{
			types.Bool: "bool", types.Int32: "i32", types.Uint32: "u32", types.Int64: "i64", types.Uint64: "u64", types.Float32: "f32", types.Float64: "f64",
			types.Uintptr: "pointer", types.UnsafePointer: "pointer", types.String: "string",
		}[t.Kind()]
	case *types.Pointer:
		return "pointer"
	}
	return ""
}

// parameters gives the parameters of an export. What a directive declares may be two in Go, a pointer and a length.
func (a *analysis) parameters(source *source, function *ast.FuncDecl, signature *types.Signature, found []directive) []parameter {
	declared := map[string]directive{}
	for _, one := range found {
		if one.name != "pluginhost:param" {
			continue
		}
		if _, twice := declared[one.word(0)]; twice {
			a.add(one.pos, "%s is declared twice", one.word(0))
		}
		declared[one.word(0)] = one
	}
	var list []parameter
	for i := 0; i < signature.Params().Len(); i++ {
		variable := signature.Params().At(i)
		entry := parameter{Name: variable.Name(), value: value{Type: scalar(variable.Type())}}
		if entry.Name == "" || entry.Name == "_" {
			entry.Name = "arg" + strconv.Itoa(i)
		}
		if entry.Type == "" {
			a.add(variable.Pos(), "go:wasmexport takes no parameter of type %s", variable.Type())
		}
		if one, ok := declared[variable.Name()]; ok {
			delete(declared, variable.Name())
			switch entry.Type {
			case "string":
			case "pointer":
				i++
				if i == signature.Params().Len() || scalar(signature.Params().At(i).Type()) != "i32" && scalar(signature.Params().At(i).Type()) != "u32" {
					a.add(one.pos, "the parameter after %s must be its length, an int32 or a uint32", variable.Name())
				}
			default:
				a.add(one.pos, "%s is neither a string nor a pointer with its length behind it", variable.Name())
			}
			entry.value = a.declared(source, function, one, one.word(1), one.after(2), false)
		}
		list = append(list, entry)
	}
	for name, one := range declared {
		a.add(one.pos, "%s has no parameter %q", function.Name.Name, name)
	}
	return list
}

// result gives the result of an export: nil if it has none.
func (a *analysis) result(source *source, function *ast.FuncDecl, signature *types.Signature, found []directive) *value {
	var declared *directive
	for i, one := range found {
		if one.name != "pluginhost:result" {
			continue
		}
		if declared != nil {
			a.add(one.pos, "the result is declared twice")
		}
		declared = &found[i]
	}
	media := contentType(found)
	result := (*value)(nil)
	if signature.Results().Len() > 0 {
		result = &value{Type: scalar(signature.Results().At(0).Type())}
		if signature.Results().Len() > 1 || result.Type == "" || result.Type == "string" {
			a.add(function.Type.Results.Pos(), "go:wasmexport allows one result, a number, a bool or a pointer; a string or bytes are packed in a uint64")
		}
	}
	if declared != nil {
		if result == nil || result.Type != "u64" && result.Type != "i64" {
			a.add(declared.pos, "a packed result is a uint64 in Go")
		}
		packed := a.declared(source, function, *declared, declared.word(0), declared.after(1), true)
		result = &packed
	}
	if media != "" {
		if result == nil || result.Type != "bytes" {
			a.add(function.Pos(), "//pluginhost:content-type is for bytes: declare them with //pluginhost:result bytes")
		} else {
			result.ContentType = media
		}
	}
	return result
}

// declared reads "bytes", "string" or "json TYPE" in a directive.
func (a *analysis) declared(source *source, function *ast.FuncDecl, one directive, word, expression string, output bool) value {
	result := value{Type: word}
	switch {
	case word != "string" && word != "bytes" && word != "json":
		a.add(one.pos, "//%s declares string, bytes or json, not %q", one.name, word)
	case word != "json" && expression != "":
		a.add(one.pos, "%q has no meaning behind %s", expression, word)
	case word == "json" && expression != "":
		// A position within the function sees what its file imports.
		found, err := types.Eval(a.program.fset, source.types, scopePosition(function), expression)
		if err != nil || !found.IsType() {
			a.add(one.pos, "%s is not a type of this package", expression)
			break
		}
		result.Schema = a.schema(one.pos, strings.TrimPrefix(one.name, "pluginhost:")+" of "+function.Name.Name, found.Type, output)
	}
	return result
}

func scopePosition(function *ast.FuncDecl) token.Pos {
	if function.Body != nil {
		return function.Body.Lbrace
	}
	return token.NoPos
}
