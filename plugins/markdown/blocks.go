package main

import "strings"

// maximumDepth is how deep quotes may nest; deeper ones are text.
const maximumDepth = 16

// blocks appends the HTML of paragraphs, headings, lists and the like.
func blocks(html []byte, text string, depth int) []byte {
	lines := strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n")
	for i := 0; i < len(lines); {
		line := strings.TrimRight(lines[i], " \t")
		switch {
		case line == "":
			i++
		case strings.HasPrefix(line, "```"):
			html, i = fence(html, lines, i)
		case heading(line) > 0:
			level := heading(line)
			tag := "h" + string(rune('0'+level)) + ">"
			html = append(append(html, '<'), tag...)
			html = inline(html, strings.TrimSpace(strings.TrimRight(line[level:], "#")), 0)
			html = append(append(append(html, "</"...), tag...), '\n')
			i++
		case rule(line):
			html = append(html, "<hr>\n"...)
			i++
		case quoted(line) && depth < maximumDepth:
			var inner []string
			for ; i < len(lines) && quoted(lines[i]); i++ {
				inner = append(inner, strings.TrimPrefix(lines[i][1:], " "))
			}
			html = append(html, "<blockquote>\n"...)
			html = blocks(html, strings.Join(inner, "\n"), depth+1)
			html = append(html, "</blockquote>\n"...)
		case item(line) != none:
			html, i = list(html, lines, i)
		default:
			var paragraph []string
			for ; i < len(lines) && (len(paragraph) == 0 || !opens(lines[i])); i++ {
				paragraph = append(paragraph, strings.TrimSpace(lines[i]))
			}
			html = append(html, "<p>"...)
			html = inline(html, strings.Join(paragraph, "\n"), 0)
			html = append(html, "</p>\n"...)
		}
	}
	return html
}

// opens tells whether a line ends the paragraph before it.
func opens(line string) bool {
	line = strings.TrimRight(line, " \t")
	return line == "" || strings.HasPrefix(line, "```") || heading(line) > 0 || rule(line) || quoted(line) || item(line) != none
}

func fence(html []byte, lines []string, i int) ([]byte, int) {
	html = append(html, "<pre><code>"...)
	for i++; i < len(lines) && !strings.HasPrefix(lines[i], "```"); i++ {
		html = append(escape(html, lines[i]), '\n')
	}
	return append(html, "</code></pre>\n"...), i + 1
}

func list(html []byte, lines []string, i int) ([]byte, int) {
	kind := item(lines[i])
	tag := map[marker]string{bullet: "ul>\n", number: "ol>\n"}[kind]
	html = append(append(html, '<'), tag...)
	for i < len(lines) && item(lines[i]) == kind {
		text := []string{lines[i][strings.IndexByte(lines[i], ' ')+1:]}
		for i++; i < len(lines) && strings.HasPrefix(lines[i], "  ") && strings.TrimSpace(lines[i]) != ""; i++ {
			text = append(text, strings.TrimSpace(lines[i]))
		}
		html = append(html, "<li>"...)
		html = inline(html, strings.TrimSpace(strings.Join(text, "\n")), 0)
		html = append(html, "</li>\n"...)
	}
	return append(append(html, "</"...), tag...), i
}

// heading gives the level of a heading, 0 for any other line.
func heading(line string) int {
	level := len(line) - len(strings.TrimLeft(line, "#"))
	if level > 6 || level == len(line) || line[level] != ' ' {
		return 0
	}
	return level
}

func rule(line string) bool {
	bare := strings.ReplaceAll(line, " ", "")
	return len(bare) >= 3 && (strings.Trim(bare, "-") == "" || strings.Trim(bare, "*") == "")
}

func quoted(line string) bool { return strings.HasPrefix(line, ">") }

type marker int

const (
	none marker = iota
	bullet
	number
)

func item(line string) marker {
	if rule(line) {
		return none
	}
	if len(line) > 1 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && line[1] == ' ' {
		return bullet
	}
	digits := len(line) - len(strings.TrimLeft(line, "0123456789"))
	if digits > 0 && digits < 10 && strings.HasPrefix(line[digits:], ". ") {
		return number
	}
	return none
}
