package main

import (
	"go/ast"
	"go/types"
	"strings"
)

// docs are the comments of a program's declarations.
type docs struct {
	functions map[types.Object]*ast.FuncDecl
	types     map[types.Object]*ast.CommentGroup
	fields    map[types.Object]string
}

func collectDocs(p *program) *docs {
	d := &docs{map[types.Object]*ast.FuncDecl{}, map[types.Object]*ast.CommentGroup{}, map[types.Object]string{}}
	for _, source := range p.sources {
		for _, file := range source.files {
			ast.Inspect(file, func(node ast.Node) bool {
				switch node := node.(type) {
				case *ast.FuncDecl:
					d.functions[source.info.Defs[node.Name]] = node
				case *ast.GenDecl:
					for _, spec := range node.Specs {
						if spec, ok := spec.(*ast.TypeSpec); ok {
							comment := spec.Doc
							if comment == nil && len(node.Specs) == 1 {
								comment = node.Doc
							}
							d.types[source.info.Defs[spec.Name]] = comment
						}
					}
				case *ast.Field:
					text := strings.TrimSpace(doc(node.Doc) + "\n" + doc(node.Comment))
					for _, name := range node.Names {
						d.fields[source.info.Defs[name]] = text
					}
				}
				return true
			})
		}
	}
	return d
}

// doc is a comment's text without directives, and without its end if it is longer than the server takes.
func doc(group *ast.CommentGroup) string {
	if group == nil {
		return ""
	}
	text := strings.TrimSpace(group.Text())
	if len(text) > maximumDoc {
		text = strings.ToValidUTF8(text[:maximumDoc-len("…")], "") + "…"
	}
	return text
}
