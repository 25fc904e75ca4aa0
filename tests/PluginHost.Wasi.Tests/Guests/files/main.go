// Package main is a guest for tests: it works on the files of the directory that it was granted, by Go's own packages.
package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

func main() {}

// report prints an error and says whether there was none.
func report(err error) int32 {
	if err != nil {
		fmt.Println(err)
		return 0
	}
	return 1
}

// list prints the entries of the working directory and gives their number, or -1.
//
//go:wasmexport list
func list() int32 {
	entries, err := os.ReadDir(".")
	if report(err) == 0 {
		return -1
	}
	for _, entry := range entries {
		fmt.Println(entry.Name(), entry.IsDir())
	}
	return int32(len(entries))
}

// write makes a file of so many bytes and reads it again, by itself and at an offset.
//
//go:wasmexport write
func write(size int32) int32 {
	text := strings.Repeat("0123456789", int(size)/10)
	if report(os.WriteFile("written.txt", []byte(text), 0o644)) == 0 {
		return 0
	}
	read, err := os.ReadFile("written.txt")
	if report(err) == 0 || string(read) != text {
		return 0
	}
	file, err := os.OpenFile("written.txt", os.O_RDWR|os.O_APPEND, 0)
	if report(err) == 0 {
		return 0
	}
	defer file.Close()
	if _, err = file.WriteString("end"); report(err) == 0 {
		return 0
	}
	last := make([]byte, 3)
	if _, err = file.ReadAt(last, int64(len(text))); (err != nil && err != io.EOF) || string(last) != "end" {
		return 0
	}
	position, err := file.Seek(-3, io.SeekEnd)
	if report(err) == 0 || position != int64(len(text)) {
		return 0
	}
	return report(file.Truncate(5))
}

// change makes, renames, links and dates files, walks over them and removes everything again.
//
//go:wasmexport change
func change() int32 {
	when := time.Date(2020, 2, 29, 12, 0, 0, 123456789, time.UTC)
	steps := []func() error{
		func() error { return os.MkdirAll("a/b/c", 0o755) },
		func() error { return os.WriteFile("a/b/c/one", []byte("1"), 0o644) },
		func() error { return os.Rename("a/b/c/one", "a/two") },
		func() error { return os.Link("a/two", "a/b/three") },
		func() error { return os.Symlink("../two", "a/b/link") },
		func() error { return os.Chtimes("a/two", when, when) },
		func() error {
			status, err := os.Stat("a/b/link")
			if err == nil && (!status.ModTime().Equal(when) || status.Size() != 1) {
				return fmt.Errorf("%v %d", status.ModTime(), status.Size())
			}
			return err
		},
		func() error {
			target, err := os.Readlink("a/b/link")
			if err == nil && target != "../two" {
				return errors.New(target)
			}
			return err
		},
		func() error {
			seen := 0
			err := filepath.WalkDir("a", func(string, fs.DirEntry, error) error { seen++; return nil })
			if err == nil && seen != 6 {
				return fmt.Errorf("%d seen", seen)
			}
			return err
		},
		func() error {
			root, err := os.OpenRoot("a")
			if err != nil {
				return err
			}
			defer root.Close()
			file, err := root.Open("b/three")
			if err != nil {
				return err
			}
			return file.Close()
		},
		func() error { return os.RemoveAll("a") },
		func() error {
			if _, err := os.Stat("a"); !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("still there: %v", err)
			}
			return nil
		},
	}
	for i, step := range steps {
		if err := step(); err != nil {
			fmt.Println("step", i, err)
			return 0
		}
	}
	return 1
}

// many makes so many files and counts what a listing has, then removes all of them while listing.
//
//go:wasmexport many
func many(count int32) int32 {
	if report(os.Mkdir("many", 0o755)) == 0 {
		return -1
	}
	for i := range count {
		if report(os.WriteFile(fmt.Sprintf("many/a-name-that-is-rather-long-%06d", i), nil, 0o644)) == 0 {
			return -1
		}
	}
	entries, err := os.ReadDir("many")
	if report(err) == 0 || report(os.RemoveAll("many")) == 0 {
		return -1
	}
	return int32(len(entries))
}

// escape tries to read outside of the directory and gives the number of ways that worked.
//
//go:wasmexport escape
func escape() int32 {
	escaped := int32(0)
	os.Symlink("../secret.txt", "link-made-inside")
	for _, name := range []string{
		"../secret.txt", "/secret.txt", "sub/../../secret.txt", "/data/../secret.txt", "link-up", "link-absolute", "link-directory/secret.txt",
		"link-made-inside", "/etc/hostname", "/proc/self/environ", "sub/link-up",
	} {
		if text, err := os.ReadFile(name); err == nil {
			fmt.Printf("%s gave %q\n", name, text)
			escaped++
		} else {
			fmt.Println(err)
		}
	}
	if os.Rename("file.txt", "../moved.txt") == nil {
		escaped++
	}
	if os.WriteFile("link-directory/new.txt", []byte("x"), 0o644) == nil {
		escaped++
	}
	return escaped
}
