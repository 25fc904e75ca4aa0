// Command shortener gives long addresses short codes, which it keeps in the plugin's key-value store.
package main

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"pluginhost.dev/sdk"
	"pluginhost.dev/sdk/kv"
)

func init() {
	sdk.JSON("shorten", Shorten)
	sdk.JSON("resolve", Resolve)
	sdk.JSON("list", List)
}

func main() {} // never runs

const (
	counter     = "next"
	prefix      = "link/"
	maximumURL  = 2048
	maximumPage = 100
)

// Link is an address with its code.
type Link struct {
	Code string `json:"code"`
	URL  string `json:"url"`
	// Visits is how often the code was resolved.
	Visits int `json:"visits"`
}

// Long is what is to be shortened.
type Long struct {
	URL string `json:"url"`
}

// Short is what is to be resolved.
type Short struct {
	Code string `json:"code"`
}

// Position is where a list begins.
type Position struct {
	// After is the last code of the list before, or nothing for the first list.
	After string `json:"after,omitempty"`
	// Limit is at most 100, which is what 0 means too.
	Limit int `json:"limit,omitempty"`
}

// Shorten gives an address a code of its own. Codes count up, whatever instance gives them.
func Shorten(long Long) (Link, error) {
	if !strings.HasPrefix(long.URL, "https://") && !strings.HasPrefix(long.URL, "http://") || len(long.URL) > maximumURL {
		return Link{}, sdk.Errorf("bad-url", "an address begins with http:// or https:// and has at most %d bytes", maximumURL)
	}
	number := uint64(0)
	err := kv.Update(counter, func(old []byte) ([]byte, error) {
		last, err := strconv.ParseUint("0"+string(old), 10, 64)
		number = last + 1
		return strconv.AppendUint(nil, number, 10), err
	})
	if err != nil {
		return Link{}, full(err)
	}
	link := Link{Code: strconv.FormatUint(number, 36), URL: long.URL}
	value, err := json.Marshal(link)
	if err == nil {
		_, err = kv.CompareAndSwap(prefix+link.Code, value, 0)
	}
	return link, full(err)
}

// Resolve gives the address of a code and counts the visit. A code that was not given out is an error of code unknown-code.
func Resolve(short Short) (Link, error) {
	var link Link
	err := kv.Update(prefix+short.Code, func(old []byte) ([]byte, error) {
		if old == nil {
			return nil, sdk.Errorf("unknown-code", "no address has the code %q", short.Code)
		}
		if err := json.Unmarshal(old, &link); err != nil {
			return nil, err
		}
		link.Visits++
		return json.Marshal(link)
	})
	if errors.Is(err, kv.ErrInvalidKey) {
		err = sdk.Errorf("unknown-code", "no address has such a code")
	}
	return link, full(err)
}

// List gives links in the order of their codes as texts.
func List(from Position) ([]Link, error) {
	if from.Limit < 1 || from.Limit > maximumPage {
		from.Limit = maximumPage
	}
	keys, err := kv.List(prefix, prefix+from.After, from.Limit)
	links := make([]Link, 0, len(keys))
	for _, key := range keys {
		entry, err := kv.Get(key.Key)
		if errors.Is(err, kv.ErrNotFound) {
			continue // removed meanwhile
		}
		if err != nil {
			return nil, err
		}
		var link Link
		if err := json.Unmarshal(entry.Value, &link); err != nil {
			return nil, err
		}
		links = append(links, link)
	}
	return links, err
}

// full tells callers when the store is.
func full(err error) error {
	if errors.Is(err, kv.ErrLimit) {
		return sdk.Errorf("store-full", "no more addresses can be kept: %v", err)
	}
	return err
}
