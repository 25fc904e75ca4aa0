// Command pluginhost-manifest writes the manifest of a plugin, plugin.json, from its source.
//
//	go run pluginhost.dev/sdk/cmd/pluginhost-manifest [-o FILE] [-name NAME] [-check] [FOLDER]
//
// The manifest tells the server what WebAssembly cannot: the names and the Go types of parameters, doc comments, which exports give bytes, and the JSON schemas of
// handlers. FOLDER holds package main of the plugin, the current one by default. The manifest goes to FOLDER/plugin.json,
// or to what -o names, "-" being standard output; with -check nothing is written, and a difference is an error.
//
// What the source does not say itself is said by directives in the comment above a function:
//
//	//pluginhost:result string              the uint64 that it returns is a packed text
//	//pluginhost:result bytes               ... are packed bytes
//	//pluginhost:result json Quote          ... is packed JSON of this Go type; the type may be left out
//	//pluginhost:content-type text/html     the media type of packed bytes, and of what a handler of sdk.Bytes gives
//	//pluginhost:param body bytes           the string, or the pointer and the length behind it, are bytes
//	//pluginhost:param order json Order     ... are JSON of this Go type
//
// The Go toolchain must be on the PATH. Nothing is downloaded that building the plugin would not download.
// Problems are reported as FILE:LINE:COLUMN: MESSAGE, and the exit code is 1; it is 2 for wrong arguments.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(arguments []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("pluginhost-manifest", flag.ContinueOnError)
	flags.SetOutput(stderr)
	output := flags.String("o", "", "the `file` to write, - for standard output (default FOLDER/plugin.json)")
	name := flags.String("name", "", "the plugin's `name` (default the last part of its import path)")
	check := flags.Bool("check", false, "write nothing; fail if the file is not what would be written")
	flags.Usage = func() {
		fmt.Fprintln(stderr, "usage: pluginhost-manifest [-o FILE] [-name NAME] [-check] [FOLDER]")
		flags.PrintDefaults()
	}
	if err := flags.Parse(arguments); errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		return 2
	}
	if flags.NArg() > 1 || *check && *output == "-" {
		flags.Usage()
		return 2
	}
	folder := "."
	if flags.NArg() == 1 {
		folder = flags.Arg(0)
	}

	text, err := generate(folder, *name)
	if err == nil {
		if *output == "" {
			*output = filepath.Join(folder, "plugin.json")
		}
		switch {
		case *check:
			err = compare(*output, text)
		case *output == "-":
			_, err = stdout.Write(text)
		default:
			err = os.WriteFile(*output, text, 0o666)
		}
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
}

func compare(file string, want []byte) error {
	got, err := os.ReadFile(file)
	if err == nil && !bytes.Equal(got, want) {
		err = fmt.Errorf("%s is not what the source gives: run pluginhost-manifest again", file)
	}
	return err
}

// generate gives the text of a folder's manifest.
func generate(folder, name string) ([]byte, error) {
	program, err := load(folder)
	if err != nil {
		return nil, err
	}
	manifest, err := analyse(program)
	if err != nil {
		return nil, err
	}
	if name != "" {
		manifest.Name = name
	}
	return manifest.text()
}
