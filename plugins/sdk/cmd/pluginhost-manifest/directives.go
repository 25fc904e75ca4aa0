package main

import (
	"go/ast"
	"go/token"
	"strings"
)

// directive is a comment line such as "//pluginhost:result bytes".
type directive struct {
	pos       token.Pos
	name      string
	arguments string
}

// word gives one of the arguments, or nothing.
func (d directive) word(index int) string {
	if words := strings.Fields(d.arguments); index < len(words) {
		return words[index]
	}
	return ""
}

// after gives the arguments from one of them on.
func (d directive) after(index int) string {
	if words := strings.Fields(d.arguments); index < len(words) {
		return strings.Join(words[index:], " ")
	}
	return ""
}

// directivesBetween finds directives above a function: Go's compiler does not mind empty lines between them and it.
func directivesBetween(file *ast.File, from, to token.Pos) []directive {
	var found []directive
	for _, group := range file.Comments {
		if group.Pos() >= from && group.End() <= to {
			found = append(found, directivesOf(group)...)
		}
	}
	return found
}

func directivesOf(group *ast.CommentGroup) []directive {
	var found []directive
	if group == nil {
		return nil
	}
	for _, comment := range group.List {
		text, isLine := strings.CutPrefix(comment.Text, "//")
		if !isLine || !strings.HasPrefix(text, "go:wasm") && !strings.HasPrefix(text, "pluginhost:") {
			continue
		}
		name, arguments, _ := strings.Cut(strings.ReplaceAll(text, "\t", " "), " ")
		found = append(found, directive{comment.Pos(), name, strings.TrimSpace(arguments)})
	}
	return found
}

func contentType(found []directive) string {
	for _, one := range found {
		if one.name == "pluginhost:content-type" {
			return one.arguments
		}
	}
	return ""
}

// unknown reports directives that are misspelt.
func (a *analysis) unknown(found []directive) {
	for _, one := range found {
		switch one.name {
		case "go:wasmexport", "go:wasmimport", "pluginhost:param", "pluginhost:result", "pluginhost:content-type":
		default:
			if strings.HasPrefix(one.name, "pluginhost:") {
				a.add(one.pos, "unknown directive //%s", one.name)
			}
		}
	}
}
