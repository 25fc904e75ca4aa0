package main

import (
	"strings"
	"testing"

	"pluginhost.dev/sdk/sdktest"
)

func TestRender(t *testing.T) {
	for text, want := range map[string]string{
		"":                          "",
		"# Hi *there* #":            "<h1>Hi <em>there</em></h1>\n",
		"#no":                       "<p>#no</p>\n",
		"a\nb\n\nc":                 "<p>a\nb</p>\n<p>c</p>\n",
		"a **b *c* d** `e<f`":       "<p>a <strong>b <em>c</em> d</strong> <code>e&lt;f</code></p>\n",
		"- a\n- b\n  c\n\n1. d":     "<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>\n<ol>\n<li>d</li>\n</ol>\n",
		"> a\n>\n> > b":             "<blockquote>\n<p>a</p>\n<blockquote>\n<p>b</p>\n</blockquote>\n</blockquote>\n",
		"```go\nif a < b {\n```\nc": "<pre><code>if a &lt; b {\n</code></pre>\n<p>c</p>\n",
		"```\nopen":                 "<pre><code>open\n</code></pre>\n",
		"---":                       "<hr>\n",
		"[a *b*](/c \"d\")":         "<p>[a <em>b</em>](/c &#34;d&#34;)</p>\n",
		"[a *b*](https://c/?d&e)":   "<p><a href=\"https://c/?d&amp;e\">a <em>b</em></a></p>\n",
		"![a\"](b.png)":             "<p><img src=\"b.png\" alt=\"a&#34;\"></p>\n",
		"[x](JavaScript:alert)":     "<p>[x](JavaScript:alert)</p>\n",
		"<script>&\\*":              "<p>&lt;script&gt;&amp;*</p>\n",
		"* a *\r\nb":                "<ul>\n<li>a *</li>\n</ul>\n<p>b</p>\n",
		"**":                        "<p>**</p>\n",
		"a*":                        "<p>a*</p>\n",
	} {
		if got, err := sdktest.Invoke("render", []byte(text)); err != nil || string(got) != want {
			t.Errorf("render(%q) = %q, %v", text, got, err)
		}
	}
}

// FuzzRender looks for texts whose markup gets through, and for those that end the plugin.
func FuzzRender(f *testing.F) {
	f.Add(strings.Repeat(">", 100) + strings.Repeat("*[", 100))
	f.Fuzz(func(t *testing.T, text string) {
		html, err := Render([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range strings.Split(string(html), "<")[1:] {
			tag = strings.TrimPrefix(tag, "/")
			name := strings.FieldsFunc(tag, func(r rune) bool { return r == '>' || r == ' ' })[0]
			if !strings.Contains(" h1 h2 h3 h4 h5 h6 p ul ol li pre code blockquote hr em strong a img ", " "+name+" ") {
				t.Errorf("%q has the tag %q", text, name)
			}
		}
	})
}
