//go:build !wasip1

package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
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

// TestSchemas runs the tests of testdata/types: what encoding/json writes is what the schemas there say.
func TestSchemas(t *testing.T) {
	test := exec.Command("go", "test", "-mod=mod", "-count=1", ".")
	test.Dir = filepath.Join("testdata", "types")
	if output, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, output)
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

// TestLimits holds what the server would refuse: it should be found where the source is.
func TestLimits(t *testing.T) {
	t.Setenv("GOFLAGS", "-mod=mod")
	sdk, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	const header = "package main\n\nimport \"pluginhost.dev/sdk\"\n\nfunc main() {}\n\n"
	for _, test := range []struct{ name, source, want string }{
		{"deep", header + "func init() { sdk.JSON(\"deep\", func(" + strings.Repeat("[]", 70) + "int) (int, error) { return 0, nil }) }", "so deep"},
		{"large", header + "// " + strings.Repeat("word ", 2000) + "\ntype T struct{ A int }\n\nfunc init() { sdk.JSON(\"large\", func(struct{" + fields(40) + "}) (int, error) { return 0, nil }) }", "the server takes 262144"},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			module := "module x/" + test.name + "\n\ngo 1.24\n\nrequire pluginhost.dev/sdk v0.0.0\n\nreplace pluginhost.dev/sdk => " + sdk + "\n"
			for name, text := range map[string]string{"go.mod": module, "main.go": test.source} {
				if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			var stderr bytes.Buffer
			if code := run([]string{folder}, nil, &stderr); code != 1 || !strings.Contains(stderr.String(), test.want) {
				t.Errorf("exit code %d, %s", code, &stderr)
			}
		})
	}
}

func fields(count int) string {
	var text strings.Builder
	for i := range count {
		fmt.Fprintf(&text, "F%d T; ", i)
	}
	return text.String()
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
