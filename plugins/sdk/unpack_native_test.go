//go:build !wasip1

package sdk

import "pluginhost.dev/sdk/internal/abi"

func unpack(packed uint64) (string, bool) {
	bytes, failed := abi.Unpack(packed)
	return string(bytes), failed
}
