package main

import (
	"errors"
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// maximumProblems are shown.
const maximumProblems = 50

// problems collects what is wrong with a source, so that one run tells all of it.
type problems struct {
	list []problem
}

type problem struct {
	position token.Position
	message  string
}

func (p *problems) add(position token.Position, format string, arguments ...any) {
	p.list = append(p.list, problem{shorten(position), fmt.Sprintf(format, arguments...)})
}

// syntax adds what the parser found.
func (p *problems) syntax(err error) {
	var found scanner.ErrorList
	if !errors.As(err, &found) {
		p.add(token.Position{}, "%v", err)
	}
	for _, one := range found {
		p.add(one.Pos, "%s", one.Msg)
	}
}

// err is nil if there are none.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b problem) int {
		if order := strings.Compare(a.position.Filename, b.position.Filename); order != 0 {
			return order
		}
		return a.position.Offset - b.position.Offset
	})
	var text strings.Builder
	for i, one := range p.list {
		if i == maximumProblems {
			fmt.Fprintf(&text, "%d more\n", len(p.list)-i)
			break
		}
		if one.position.IsValid() {
			fmt.Fprintf(&text, "%s: %s\n", one.position, one.message)
		} else {
			fmt.Fprintf(&text, "%s\n", one.message)
		}
	}
	return errors.New(strings.TrimSuffix(text.String(), "\n"))
}
