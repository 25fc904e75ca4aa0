package fetch

import (
	"math"
	"testing"
	"time"
)

func TestParse_OfWhatIsCutOffFails(t *testing.T) {
	for _, answer := range []string{"", "\x00\x00\x00", "\x01\x00\x00\x00", "\xff\xff\xff\xff{}", "\x02\x00\x00\x00xx"} {
		if response, err := parse([]byte(answer)); err == nil {
			t.Errorf("parse(%q) = %v", answer, response)
		}
	}
	if response, err := parse([]byte("\x0e\x00\x00\x00{\"status\":204}body")); err != nil || response.Status != 204 || string(response.Body) != "body" {
		t.Errorf("parse = %v, %v", response, err)
	}
}

func TestMilliseconds(t *testing.T) {
	for timeout, want := range map[time.Duration]uint32{0: 0, -1: 0, 1: 1, time.Millisecond: 1, time.Millisecond + 1: 2, time.Second: 1000, math.MaxInt64: 1 << 31} {
		if got := milliseconds(timeout); got != want {
			t.Errorf("milliseconds(%d) = %d", timeout, got)
		}
	}
}
