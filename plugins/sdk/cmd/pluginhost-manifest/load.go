package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// listed is what go list says about a package.
type listed struct {
	ImportPath, Dir, Name, Export string
	GoFiles                       []string
	Standard, DepOnly             bool
	Imports                       []string
	Error                         *struct{ Pos, Err string }
}

// source is a package that was parsed and checked: those of the plugin and of the modules that it uses, without the standard library.
type source struct {
	path  string
	files []*ast.File
	types *types.Package
	info  *types.Info
}

// program is a plugin's package main, which is the last of the sources, with the packages that it needs before those that need them.
type program struct {
	folder  string
	fset    *token.FileSet
	sources []*source
	imports map[string]bool
}

func (p *program) main() *source { return p.sources[len(p.sources)-1] }

// position is where a node stands, with a path that is relative to where the user is if it is below.
func (p *program) position(pos token.Pos) string { return shorten(p.fset.Position(pos)).String() }

func shorten(position token.Position) token.Position {
	if here, err := os.Getwd(); err == nil {
		if relative, err := filepath.Rel(here, position.Filename); err == nil && !strings.HasPrefix(relative, "..") {
			position.Filename = relative
		}
	}
	return position
}

// load reads a folder's package as Go does for WASI. The types of the standard library come from what the toolchain has compiled.
func load(folder string) (*program, error) {
	absolute, err := filepath.Abs(folder)
	if err != nil {
		return nil, err
	}
	packages, err := list(absolute)
	if err != nil {
		return nil, err
	}
	exports := map[string]string{}
	result := &program{folder: absolute, fset: token.NewFileSet(), imports: map[string]bool{}}
	for _, entry := range packages {
		exports[entry.ImportPath] = entry.Export
		result.imports[entry.ImportPath] = true
	}
	standard := importer.ForCompiler(result.fset, "gc", func(path string) (io.ReadCloser, error) {
		if file := exports[path]; file != "" {
			return os.Open(file)
		}
		return nil, fmt.Errorf("no export data for %s", path)
	})
	checked := map[string]*types.Package{}
	resolve := importerFunc(func(path string) (*types.Package, error) {
		if found := checked[path]; found != nil {
			return found, nil
		}
		return standard.Import(path)
	})
	for _, entry := range packages {
		if entry.Standard {
			continue
		}
		next, err := check(result.fset, entry, resolve)
		if err != nil {
			return nil, err
		}
		checked[entry.ImportPath] = next.types
		result.sources = append(result.sources, next)
	}
	if result.main().types.Name() != "main" {
		return nil, fmt.Errorf("%s holds package %s, and a plugin is package main", folder, result.main().types.Name())
	}
	return result, nil
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }

// list asks the toolchain for a package and all that it needs, in the order in which they can be checked.
func list(folder string) ([]listed, error) {
	command := exec.Command("go", "list", "-e", "-deps", "-export", "-json=ImportPath,Dir,Name,Export,GoFiles,Standard,DepOnly,Imports,Error", ".")
	command.Dir = folder
	command.Env = append(os.Environ(), "GOOS=wasip1", "GOARCH=wasm", "CGO_ENABLED=0")
	var output, problems bytes.Buffer
	command.Stdout, command.Stderr = &output, &problems
	if err := command.Run(); err != nil {
		return nil, fmt.Errorf("go list: %w\n%s", err, strings.TrimSpace(problems.String()))
	}
	var packages []listed
	for decoder := json.NewDecoder(&output); ; {
		var entry listed
		if err := decoder.Decode(&entry); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list: %w", err)
		}
		// A package that does not compile is listed with its files, and the check tells better what is wrong with them.
		if entry.Error != nil && len(entry.GoFiles) == 0 {
			return nil, errors.New(strings.TrimPrefix(entry.Error.Pos+": "+entry.Error.Err, ": "))
		}
		packages = append(packages, entry)
	}
	if len(packages) == 0 || packages[len(packages)-1].DepOnly {
		return nil, fmt.Errorf("go list found no package in %s", folder)
	}
	return packages, nil
}

// check parses and checks a package.
func check(fset *token.FileSet, entry listed, resolve types.Importer) (*source, error) {
	result := &source{path: entry.ImportPath}
	var problems problems
	for _, name := range entry.GoFiles {
		file, err := parser.ParseFile(fset, filepath.Join(entry.Dir, name), nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			problems.syntax(err)
			continue
		}
		result.files = append(result.files, file)
	}
	if err := problems.err(); err != nil {
		return nil, err
	}
	result.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Instances: map[*ast.Ident]types.Instance{},
		Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{}, Scopes: map[ast.Node]*types.Scope{},
	}
	config := types.Config{
		Importer: resolve, Sizes: types.SizesFor("gc", "wasm"), FakeImportC: true, GoVersion: "",
		Error: func(err error) {
			var typeError types.Error
			if errors.As(err, &typeError) {
				problems.add(fset.Position(typeError.Pos), "%s", typeError.Msg)
			}
		},
	}
	checked, err := config.Check(entry.ImportPath, fset, result.files, result.info)
	if err := problems.err(); err != nil {
		return nil, err
	}
	result.types = checked
	return result, err
}
