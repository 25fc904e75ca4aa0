//go:build !wasip1

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestManifests holds the manifests of the folders in testdata against what is committed.
func TestManifests(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	for _, name := range []string{"exports", "types", "packages"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join("testdata", name)
			if *update {
				succeed(t, folder)
			}
			succeed(t, "-check", folder)
			text, err := os.ReadFile(filepath.Join(folder, "plugin.json"))
			if err != nil || !json.Valid(text) {
				t.Errorf("plugin.json is not JSON: %v", err)
			}
			if out := succeed(t, "-o", "-", folder); out != string(text) {
				t.Error("standard output is given something else")
			}
		})
	}
}

// TestProblems holds what is said of bad sources against what is committed: each with file, line and column.
func TestProblems(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	t.Setenv("GOPROXY", "off")
	for _, name := range []string{"errors", "syntax", "mismatch", "missing", "notmain"} {
		t.Run(name, func(t *testing.T) {
			folder, golden := filepath.Join("testdata", name), filepath.Join("testdata", name, "problems.txt")
			var stdout, stderr bytes.Buffer
			if code := run([]string{"-o", "-", folder}, &stdout, &stderr); code != 1 || stdout.Len() > 0 {
				t.Errorf("exit code %d, output %s", code, &stdout)
			}
			if *update {
				if err := os.WriteFile(golden, stderr.Bytes(), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			if want, _ := os.ReadFile(golden); stderr.String() != string(want) {
				t.Errorf("got\n%swant\n%s", &stderr, want)
			}
		})
	}
}

func TestCheck_OfAnOldFileFails(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	old := filepath.Join(t.TempDir(), "plugin.json")
	if err := os.WriteFile(old, []byte("{}"), 0o666); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{old: "run pluginhost-manifest again", old + "2": "no such file"} {
		var stderr bytes.Buffer
		if code := run([]string{"-check", "-o", file, filepath.Join("testdata", "exports")}, nil, &stderr); code != 1 || !strings.Contains(stderr.String(), want) {
			t.Errorf("exit code %d, %s", code, &stderr)
		}
	}
}

func TestName_IsTheOneGiven(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	if out := succeed(t, "-name", "other", "-o", "-", filepath.Join("testdata", "exports")); !strings.Contains(out, `"name": "other",`) {
		t.Errorf("got %.100s", out)
	}
}

func TestUsage(t *testing.T) {
	for _, arguments := range [][]string{{"-nonsense"}, {"a", "b"}, {"-check", "-o", "-"}} {
		var stderr bytes.Buffer
		if code := run(arguments, nil, &stderr); code != 2 || !strings.Contains(stderr.String(), "usage: ") {
			t.Errorf("%v: exit code %d, %s", arguments, code, &stderr)
		}
	}
	var stderr bytes.Buffer
	if code := run([]string{"-h"}, nil, &stderr); code != 0 || !strings.Contains(stderr.String(), "usage: ") {
		t.Errorf("-h: exit code %d, %s", code, &stderr)
	}
	if code := run([]string{filepath.Join("testdata", "nowhere")}, nil, &stderr); code != 1 {
		t.Errorf("no such folder: exit code %d", code)
	}
}

func succeed(t *testing.T, arguments ...string) string {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(arguments, &stdout, &stderr); code != 0 || stderr.Len() > 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	return stdout.String()
}
