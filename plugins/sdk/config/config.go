// Package config reads the values and secrets of the plugin's own configuration. It needs the grant "config", which plugins have unless it is taken away.
//
//	unit := config.ValueOr("unit", "celsius")
//	token, err := config.Secret("token")
//
// Values and secrets are set by PUT /v1/plugins/NAME; a secret is never shown again there. A change reaches instances that are created after it.
package config

import "pluginhost.dev/sdk/internal/host"

// Errors that functions here return, to be found by errors.Is.
var (
	ErrNotFound error = host.NotFound
	ErrDenied   error = host.Denied
)

// Value gives the value of a key.
func Value(key string) (string, error) {
	text, err := host.Config(key)
	return string(text), err
}

// ValueOr gives the value of a key, or another where there is none.
func ValueOr(key, otherwise string) string {
	if text, err := host.Config(key); err == nil {
		return string(text)
	}
	return otherwise
}

// Secret gives the secret of a key.
func Secret(key string) (string, error) {
	text, err := host.Secret(key)
	return string(text), err
}
