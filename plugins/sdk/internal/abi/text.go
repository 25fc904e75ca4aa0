package abi

import (
	"strings"
	"unicode/utf8"
)

// ValidName tells whether a handler may have the name. Such names need no escapes, in JSON or in a path.
func ValidName(name string) bool {
	if len(name) == 0 || len(name) > MaximumName || strings.HasPrefix(name, "pluginhost_") {
		return false
	}
	for i := range len(name) {
		if c := name[i]; !letterOrDigit(c) && (c < 'A' || c > 'Z') && c != '_' && c != '-' && c != '.' {
			return false
		}
	}
	return strings.Trim(name, ".") != ""
}

// ValidCode tells whether a text is in lower-case-kebab form, the form of an error's code.
func ValidCode(code string) bool {
	if len(code) == 0 || len(code) > MaximumCode {
		return false
	}
	dash := true
	for i := range len(code) {
		c := code[i]
		if c != '-' && !letterOrDigit(c) || c == '-' && dash {
			return false
		}
		dash = c == '-'
	}
	return !dash
}

func letterOrDigit(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// AppendString appends a text as JSON. Bytes that are not UTF-8 become U+FFFD.
func AppendString(to []byte, text string) []byte {
	const hex = "0123456789abcdef"
	to = append(to, '"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			to = append(to, '\\', byte(r))
		case r == '\n':
			to = append(to, '\\', 'n')
		case r == '\t':
			to = append(to, '\\', 't')
		case r < 0x20 || r == 0x7f:
			to = append(to, '\\', 'u', '0', '0', hex[r>>4], hex[r&15])
		default:
			to = utf8.AppendRune(to, r)
		}
	}
	return append(to, '"')
}
