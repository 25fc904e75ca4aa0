// Package table records what native Go answers, so that the same functions run as WebAssembly can be held against it.
package table

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"reflect"
	"sort"
	"strings"
	"unsafe"
)

// Table is the list of calls of one module with their results, in the order in which they were made.
// A reader replays them in that order on one fresh instance, so functions that keep state can be recorded too.
type Table struct {
	module  string
	exports map[string]string
	rows    []string
}

// New starts an empty table for the module of that name.
func New(module string) *Table {
	return &Table{module: module, exports: map[string]string{}}
}

// Exact calls f with args and records the results bit by bit.
func (t *Table) Exact(export string, f any, args ...any) { t.record(export, f, values(args), true) }

// Arithmetic calls f with args and records results that are NaN as "nan":
// WebAssembly leaves sign and payload of a computed NaN open, and processors differ.
func (t *Table) Arithmetic(export string, f any, args ...any) {
	t.record(export, f, values(args), false)
}

// ExactEdges records f over every combination of the edge values of its parameters, bit by bit.
func (t *Table) ExactEdges(export string, f any) { t.edges(export, f, true) }

// ArithmeticEdges is ExactEdges with computed NaNs recorded as "nan".
func (t *Table) ArithmeticEdges(export string, f any) { t.edges(export, f, false) }

// Write prints the table as JSON, one row on a line.
func (t *Table) Write(w io.Writer) {
	out := bufio.NewWriter(w)
	defer out.Flush()
	names := make([]string, 0, len(t.exports))
	for name := range t.exports {
		names = append(names, name)
	}
	sort.Strings(names)
	fmt.Fprintf(out, "{\"module\":%q,\"exports\":{\n", t.module)
	for i, name := range names {
		fmt.Fprintf(out, "%q:%s%s\n", name, t.exports[name], comma(i, len(names)))
	}
	fmt.Fprint(out, "},\"rows\":[\n")
	for i, row := range t.rows {
		fmt.Fprintf(out, "%s%s\n", row, comma(i, len(t.rows)))
	}
	fmt.Fprint(out, "]}\n")
}

func (t *Table) edges(export string, f any, exact bool) {
	signature := reflect.TypeOf(f)
	choice := make([]int, signature.NumIn())
	for {
		args := make([]reflect.Value, len(choice))
		for i := range choice {
			args[i] = Edges(signature.In(i))[choice[i]]
		}
		t.record(export, f, args, exact)
		position := len(choice) - 1
		for position >= 0 {
			choice[position]++
			if choice[position] < len(Edges(signature.In(position))) {
				break
			}
			choice[position] = 0
			position--
		}
		if position < 0 {
			return
		}
	}
}

func (t *Table) record(export string, f any, args []reflect.Value, exact bool) {
	function := reflect.ValueOf(f)
	t.exports[export] = signature(function.Type())
	results := function.Call(args)
	t.rows = append(t.rows, fmt.Sprintf("{\"export\":%q,\"args\":[%s],\"results\":[%s]}",
		export, list(args, true), list(results, exact)))
}

func signature(function reflect.Type) string {
	parameters := make([]string, function.NumIn())
	for i := range parameters {
		parameters[i] = fmt.Sprintf("%q", wasmType(function.In(i)))
	}
	results := make([]string, function.NumOut())
	for i := range results {
		results[i] = fmt.Sprintf("%q", wasmType(function.Out(i)))
	}
	return fmt.Sprintf("{\"parameters\":[%s],\"results\":[%s]}", strings.Join(parameters, ","), strings.Join(results, ","))
}

// wasmType is the type that go:wasmexport gives a Go type: pointers and uintptr are 32 bits wide there.
func wasmType(t reflect.Type) string {
	switch t.Kind() {
	case reflect.Int64, reflect.Uint64:
		return "i64"
	case reflect.Float32:
		return "f32"
	case reflect.Float64:
		return "f64"
	default:
		return "i32"
	}
}

func values(args []any) []reflect.Value {
	list := make([]reflect.Value, len(args))
	for i, arg := range args {
		list[i] = reflect.ValueOf(arg)
	}
	return list
}

func list(values []reflect.Value, exact bool) string {
	texts := make([]string, len(values))
	for i, value := range values {
		texts[i] = bits(value, exact)
	}
	return strings.Join(texts, ",")
}

// bits reads floats through the interface, because Value.Float converts and would quiet a signalling NaN.
func bits(value reflect.Value, exact bool) string {
	switch x := value.Interface().(type) {
	case bool:
		if x {
			return `"0x00000001"`
		}
		return `"0x00000000"`
	case int32:
		return fmt.Sprintf(`"0x%08x"`, uint32(x))
	case uint32:
		return fmt.Sprintf(`"0x%08x"`, x)
	case int64:
		return fmt.Sprintf(`"0x%016x"`, uint64(x))
	case uint64:
		return fmt.Sprintf(`"0x%016x"`, x)
	case uintptr:
		return fmt.Sprintf(`"0x%08x"`, uint32(x))
	case unsafe.Pointer:
		return fmt.Sprintf(`"0x%08x"`, uint32(uintptr(x)))
	case float32:
		if !exact && x != x {
			return `"nan"`
		}
		return fmt.Sprintf(`"0x%08x"`, math.Float32bits(x))
	case float64:
		if !exact && x != x {
			return `"nan"`
		}
		return fmt.Sprintf(`"0x%016x"`, math.Float64bits(x))
	default:
		panic("not a type of go:wasmexport: " + value.Type().String())
	}
}

func comma(i, count int) string {
	if i+1 < count {
		return ","
	}
	return ""
}
