package main

import "strings"

// inline appends the HTML of emphasis, code, links and images within a text.
func inline(html []byte, text string, depth int) []byte {
	for len(text) > 0 {
		next := strings.IndexAny(text, "\\`*[!&<>\"")
		if next < 0 {
			return append(html, text...)
		}
		html = append(html, text[:next]...)
		text = text[next:]
		used := 0
		if depth < maximumDepth {
			html, used = span(html, text, depth)
		}
		if used == 0 {
			html, used = escape(html, text[:1]), 1
		}
		text = text[used:]
	}
	return html
}

// span appends what begins with the first character and says how long it was: 0 when it is that character alone.
func span(html []byte, text string, depth int) ([]byte, int) {
	switch {
	case text[0] == '\\' && len(text) > 1 && strings.IndexByte("\\`*_[]()!#+-.<>&\"", text[1]) >= 0:
		return escape(html, text[1:2]), 2
	case text[0] == '`':
		if inner, ok := between(text, "`", "`"); ok {
			return wrap(html, "code", escape(nil, inner)), len(inner) + 2
		}
	case strings.HasPrefix(text, "**"):
		if inner, ok := between(text, "**", "**"); ok {
			return wrap(html, "strong", inline(nil, inner, depth+1)), len(inner) + 4
		}
	case text[0] == '*':
		if inner, ok := between(text, "*", "*"); ok && inner[0] != ' ' {
			return wrap(html, "em", inline(nil, inner, depth+1)), len(inner) + 2
		}
	case strings.HasPrefix(text, "!["):
		if label, target, ok := reference(text[1:]); ok {
			html = append(escape(append(html, `<img src="`...), target), `" alt="`...)
			return append(escape(html, label), `">`...), len(label) + len(target) + 5
		}
	case text[0] == '[':
		if label, target, ok := reference(text); ok {
			html = append(escape(append(html, `<a href="`...), target), `">`...)
			return append(inline(html, label, depth+1), "</a>"...), len(label) + len(target) + 4
		}
	}
	return html, 0
}

func between(text, open, end string) (string, bool) {
	inner, _, found := strings.Cut(text[len(open):], end)
	return inner, found && inner != ""
}

// reference takes "[label](target)" apart.
func reference(text string) (label, target string, ok bool) {
	label, rest, ok := strings.Cut(text[1:], "](")
	if !ok || strings.ContainsAny(label, "[]") {
		return "", "", false
	}
	target, _, ok = strings.Cut(rest, ")")
	return label, target, ok && harmless(target)
}

// harmless tells whether a link may lead there: no scheme that runs something.
func harmless(target string) bool {
	if strings.ContainsAny(target, " \n\t") {
		return false
	}
	scheme, _, found := strings.Cut(target, ":")
	if !found || strings.ContainsAny(scheme, "/?#") {
		return true
	}
	scheme = strings.ToLower(scheme)
	return scheme == "http" || scheme == "https" || scheme == "mailto"
}

func wrap(html []byte, tag string, inner []byte) []byte {
	html = append(append(append(html, '<'), tag...), '>')
	html = append(html, inner...)
	return append(append(append(html, "</"...), tag...), '>')
}

func escape(html []byte, text string) []byte {
	for i := range len(text) {
		switch text[i] {
		case '&':
			html = append(html, "&amp;"...)
		case '<':
			html = append(html, "&lt;"...)
		case '>':
			html = append(html, "&gt;"...)
		case '"':
			html = append(html, "&#34;"...)
		default:
			html = append(html, text[i])
		}
	}
	return html
}
