// Package invocation tells a plugin which invocation it runs. It needs the grant "invocation", which plugins have unless it is taken away.
package invocation

import (
	"encoding/json"
	"time"

	"pluginhost.dev/sdk/internal/host"
)

// Info describes an invocation.
type Info struct {
	// ID is the number of the invocation in the plugin's log.
	ID      int64  `json:"id"`
	Plugin  string `json:"plugin"`
	Version int    `json:"version"`
	// Export is the export or handler that was invoked, and "_initialize" while the instance starts.
	Export string `json:"export"`
	// Deadline is when the host ends the invocation.
	Deadline time.Time `json:"deadline"`
	// Traceparent is the W3C trace context that the invocation is part of, or empty.
	Traceparent string `json:"traceparent,omitempty"`
}

// Current describes the invocation that runs.
func Current() (Info, error) {
	text, err := host.Invocation()
	if err != nil {
		return Info{}, err
	}
	var info Info
	err = json.Unmarshal(text, &info)
	return info, err
}
