// Package clock tells the host's time. It needs the grant "clock", which plugins have unless it is taken away. time.Now tells the time too, by way
// of WASI; what is asked here can be set in tests.
package clock

import (
	"time"

	"pluginhost.dev/sdk/internal/host"
)

// Now is the time of day, in UTC.
func Now() time.Time { return time.Unix(0, host.Now()).UTC() }
