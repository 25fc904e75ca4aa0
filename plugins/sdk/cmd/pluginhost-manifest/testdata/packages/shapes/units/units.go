// Package units has a name that another one has too.
package units

import "pluginhost.example/packages/units"

// Length is another length.
type Length struct {
	Inner units.Length
	Self  []Length
}

// Convert is documented where it is declared.
func Convert(in Length) (Length, error) { return in, nil }
