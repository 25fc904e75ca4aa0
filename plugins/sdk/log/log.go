// Package log writes structured lines to the plugin's log, at /v1/plugins/NAME/logs. It needs the grant "log", which plugins have unless
// it is taken away.
//
//	log.Info("order placed", "order", 7, "total", 12.5)
//
// Attributes are names and values in turn, as with log/slog, and values are encoded by encoding/json. For log/slog itself see package sloghandler, which makes a module larger.
// A message and its attributes have at most 16 KiB each.
package log

import (
	"encoding/json"
	"strings"

	"pluginhost.dev/sdk/internal/abi"
	"pluginhost.dev/sdk/internal/host"
)

// Level is how important a line is, with the numbers of log/slog.
type Level int32

// The levels that have names.
const (
	LevelDebug Level = -4
	LevelInfo  Level = 0
	LevelWarn  Level = 4
	LevelError Level = 8
)

// Debug writes a line at LevelDebug.
func Debug(message string, attributes ...any) { Log(LevelDebug, message, attributes...) }

// Info writes a line at LevelInfo.
func Info(message string, attributes ...any) { Log(LevelInfo, message, attributes...) }

// Warn writes a line at LevelWarn.
func Warn(message string, attributes ...any) { Log(LevelWarn, message, attributes...) }

// Error writes a line at LevelError.
func Error(message string, attributes ...any) { Log(LevelError, message, attributes...) }

// Log writes a line. An error is written as its text, and what cannot be encoded as why; a name that is no string
// stands under "!BADKEY".
func Log(level Level, message string, attributes ...any) {
	host.Log(int32(level), message, encode(attributes))
}

func encode(attributes []any) string {
	if len(attributes) == 0 {
		return ""
	}
	encoded := []byte{'{'}
	for len(attributes) > 0 {
		name, isName := attributes[0].(string)
		var value any
		switch {
		case !isName || len(attributes) == 1:
			name, value, attributes = "!BADKEY", attributes[0], attributes[1:]
		default:
			value, attributes = attributes[1], attributes[2:]
		}
		if len(encoded) > 1 {
			encoded = append(encoded, ',')
		}
		encoded = append(abi.AppendString(encoded, name), ':')
		if err, isError := value.(error); isError {
			value = err.Error()
		}
		text, err := json.Marshal(value)
		if err != nil {
			text = abi.AppendString(nil, "!ERROR:"+strings.TrimPrefix(err.Error(), "json: "))
		}
		encoded = append(encoded, text...)
	}
	return string(append(encoded, '}'))
}
