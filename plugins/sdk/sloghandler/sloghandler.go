// Package sloghandler has log/slog write to the plugin's log. It needs the grant "log", which plugins have unless it is taken away.
//
//	func init() { slog.SetDefault(slog.New(sloghandler.New(slog.LevelInfo))) }
//
// log/slog adds about a megabyte to a module; package log does not.
package sloghandler

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"strings"
	"sync"
	"time"

	"pluginhost.dev/sdk/internal/host"
)

// New gives a handler for lines from a level on. The host knows the time of a line, so it is not written.
func New(level slog.Leveler) slog.Handler {
	output := new(output)
	return &handler{level, output, slog.NewJSONHandler(&output.buffer, &slog.HandlerOptions{ReplaceAttr: withoutPlaceholders})}
}

// handler has a JSONHandler encode the attributes, with placeholders for level and message that are left out again.
type handler struct {
	level  slog.Leveler
	output *output
	inner  slog.Handler
}

type output struct {
	sync.Mutex
	buffer bytes.Buffer
}

const (
	levelPlaceholder   = slog.Level(math.MinInt32)
	messagePlaceholder = "\x00message\x00"
)

func withoutPlaceholders(groups []string, attribute slog.Attr) slog.Attr {
	if len(groups) == 0 {
		switch attribute.Key {
		case slog.LevelKey:
			if attribute.Value.Kind() == slog.KindAny && attribute.Value.Any() == levelPlaceholder {
				return slog.Attr{}
			}
		case slog.MessageKey:
			if attribute.Value.Kind() == slog.KindString && attribute.Value.String() == messagePlaceholder {
				return slog.Attr{}
			}
		}
	}
	return attribute
}

func (h *handler) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level.Level() }

func (h *handler) Handle(ctx context.Context, record slog.Record) error {
	attributes := slog.NewRecord(time.Time{}, levelPlaceholder, messagePlaceholder, 0)
	record.Attrs(func(attribute slog.Attr) bool {
		attributes.AddAttrs(attribute)
		return true
	})
	h.output.Lock()
	defer h.output.Unlock()
	h.output.buffer.Reset()
	if err := h.inner.Handle(ctx, attributes); err != nil {
		return err
	}
	text := strings.TrimSuffix(h.output.buffer.String(), "\n")
	if text == "{}" {
		text = ""
	}
	host.Log(int32(record.Level), record.Message, text)
	return nil
}

func (h *handler) WithAttrs(attributes []slog.Attr) slog.Handler {
	return &handler{h.level, h.output, h.inner.WithAttrs(attributes)}
}

func (h *handler) WithGroup(name string) slog.Handler {
	return &handler{h.level, h.output, h.inner.WithGroup(name)}
}
