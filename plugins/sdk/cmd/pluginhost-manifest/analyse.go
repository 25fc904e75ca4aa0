package main

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"

	"pluginhost.dev/sdk/internal/abi"
)

// sdkPath is the import path of the guest module.
const sdkPath = "pluginhost.dev/sdk"

// grants are the host's functions by the package that wraps them and by the wasm import that they are.
var grants = map[string]string{
	sdkPath + "/log": "log", sdkPath + "/config": "config", sdkPath + "/kv": "kv", sdkPath + "/clock": "clock",
	sdkPath + "/fetch": "http", sdkPath + "/plugin": "call", sdkPath + "/invocation": "invocation",
	"log": "log", "config_get": "config", "secret_get": "config", "clock_now": "clock", "kv_get": "kv", "kv_set": "kv", "kv_cas": "kv",
	"kv_delete": "kv", "kv_list": "kv", "http_send": "http", "call": "call", "invocation": "invocation",
}

// analysis is a manifest in the making.
type analysis struct {
	program  *program
	problems problems
	docs     *docs
	manifest manifest
	names    map[string]token.Pos
	requires map[string]bool
}

// analyse finds what a program exports and registers.
func analyse(p *program) (*manifest, error) {
	main := p.main()
	a := &analysis{program: p, docs: collectDocs(p), names: map[string]token.Pos{}, requires: map[string]bool{}}
	a.manifest = manifest{Manifest: 1, Name: path.Base(main.path)}
	if main.path == "command-line-arguments" {
		a.manifest.Name = path.Base(p.folder)
	}
	for _, file := range main.files {
		if text := doc(file.Doc); text != "" && a.manifest.Doc == "" {
			a.manifest.Doc = text
		}
	}
	for _, source := range p.sources {
		if source.path == sdkPath || strings.HasPrefix(source.path, sdkPath+"/") {
			continue
		}
		for _, file := range source.files {
			a.file(source, file)
		}
	}
	for imported := range p.imports {
		if grant := grants[imported]; grant != "" && strings.HasPrefix(imported, sdkPath+"/") {
			a.requires[grant] = true
		}
	}
	for grant := range a.requires {
		a.manifest.Requires = append(a.manifest.Requires, grant)
	}
	slices.Sort(a.manifest.Requires)
	return &a.manifest, a.problems.err()
}

func (a *analysis) add(pos token.Pos, format string, arguments ...any) {
	a.problems.add(a.program.fset.Position(pos), format, arguments...)
}

// file takes a file's functions in the order in which they stand: the compiler takes files in the order of their names, as go list does.
func (a *analysis) file(source *source, file *ast.File) {
	end := file.Name.End()
	for _, declaration := range file.Decls {
		if function, ok := declaration.(*ast.FuncDecl); ok {
			a.function(source, function, directivesBetween(file, end, function.Pos()))
		}
		end = declaration.End()
	}
	var statement ast.Stmt
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.ExprStmt:
			statement = node
		case *ast.CallExpr:
			a.call(source, file, node, statement)
		}
		return true
	})
}

// function looks at the directives above a function.
func (a *analysis) function(source *source, function *ast.FuncDecl, found []directive) {
	exported := ""
	for _, one := range found {
		switch one.name {
		case "go:wasmexport":
			exported = one.word(0)
		case "go:wasmimport":
			if grant := grants[one.word(1)]; one.word(0) == "pluginhost" && grant != "" {
				a.requires[grant] = true
			}
		}
	}
	if exported == "" {
		for _, one := range found {
			if one.name == "pluginhost:param" || one.name == "pluginhost:result" {
				a.add(one.pos, "//%s needs //go:wasmexport beside it", one.name)
			}
		}
		a.unknown(found)
		return
	}
	if strings.HasPrefix(exported, "pluginhost_") {
		return
	}
	a.name(function.Name.Pos(), exported)
	a.unknown(found)
	signature := source.info.Defs[function.Name].Type().(*types.Signature)
	entry := export{Name: exported, Doc: doc(function.Doc)}
	entry.Parameters = a.parameters(source, function, signature, found)
	entry.Result = a.result(source, function, signature, found)
	a.manifest.Exports = append(a.manifest.Exports, entry)
}

// name takes note of a name, which exports and handlers share.
func (a *analysis) name(pos token.Pos, name string) {
	if other, taken := a.names[name]; taken {
		a.add(pos, "%s is also the name of what stands at %s", name, a.program.position(other))
	}
	a.names[name] = pos
}

// call takes a call of sdk.JSON or sdk.Bytes.
func (a *analysis) call(source *source, file *ast.File, call *ast.CallExpr, statement ast.Stmt) {
	identifier := called(call.Fun)
	if identifier == nil || len(call.Args) != 2 {
		return
	}
	object := source.info.Uses[identifier]
	if object == nil || object.Pkg() == nil || object.Pkg().Path() != sdkPath || object.Name() != "JSON" && object.Name() != "Bytes" {
		return
	}
	constantName := source.info.Types[call.Args[0]].Value
	if constantName == nil || constantName.Kind() != constant.String {
		a.add(call.Args[0].Pos(), "the name of a handler must be a constant for the manifest to have it")
		return
	}
	entry := handler{Name: constant.StringVal(constantName)}
	if !abi.ValidName(entry.Name) {
		a.add(call.Args[0].Pos(), "%q cannot name a handler: 1 to 128 letters, digits, '_', '-' and '.', not beginning with \"pluginhost_\"", entry.Name)
	}
	a.name(call.Args[0].Pos(), entry.Name)
	comment, found := a.handlerDoc(source, file, call, statement)
	entry.Doc = doc(comment)
	if object.Name() == "Bytes" {
		entry.Input, entry.Output = value{Type: "bytes"}, value{Type: "bytes", ContentType: contentType(found)}
	} else {
		if contentType(found) != "" {
			a.add(call.Pos(), "//pluginhost:content-type is for bytes, and %s gives JSON", entry.Name)
		}
		arguments := source.info.Instances[identifier].TypeArgs
		entry.Input = value{Type: "json", Schema: a.schema(call.Pos(), "the input of "+entry.Name, arguments.At(0), false)}
		entry.Output = value{Type: "json", Schema: a.schema(call.Pos(), "the output of "+entry.Name, arguments.At(1), true)}
	}
	a.manifest.Handlers = append(a.manifest.Handlers, entry)
}

// handlerDoc is the comment of the function that is registered, or for a function literal that of the statement.
func (a *analysis) handlerDoc(source *source, file *ast.File, call *ast.CallExpr, statement ast.Stmt) (*ast.CommentGroup, []directive) {
	if identifier := called(call.Args[1]); identifier != nil {
		if function := a.docs.functions[source.info.Uses[identifier]]; function != nil {
			return function.Doc, directivesOf(function.Doc)
		}
	}
	if statement != nil {
		// A comment at the end of the line before belongs to that.
		begin := a.program.fset.Position(statement.Pos())
		for _, group := range file.Comments {
			if a.program.fset.Position(group.End()).Line == begin.Line-1 && a.program.fset.Position(group.Pos()).Column == begin.Column {
				return group, directivesOf(group)
			}
		}
	}
	return nil, nil
}

// called is the name of a function in an expression, without its package and its type arguments.
func called(expression ast.Expr) *ast.Ident {
	switch expression := ast.Unparen(expression).(type) {
	case *ast.Ident:
		return expression
	case *ast.SelectorExpr:
		return expression.Sel
	case *ast.IndexExpr:
		return called(expression.X)
	case *ast.IndexListExpr:
		return called(expression.X)
	}
	return nil
}
