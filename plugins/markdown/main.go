// Command markdown turns a small Markdown into HTML: a whole body in, a whole body out.
package main

import "pluginhost.dev/sdk"

func init() { sdk.Bytes("render", Render) }

func main() {} // never runs

// Render turns Markdown in UTF-8 into HTML. It knows headings, paragraphs, lists, quotes, rules, code, emphasis, links and images. Markup in
// the text is escaped, and links lead only to http, https, mailto or within the site.
//
//pluginhost:content-type text/html; charset=utf-8
func Render(text []byte) ([]byte, error) {
	html := make([]byte, 0, len(text)+len(text)/4+64)
	return blocks(html, string(text), 0), nil
}
