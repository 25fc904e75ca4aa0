package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestSchemas holds what encoding/json writes for values of the types against what plugin.json says of outputs.
func TestSchemas(t *testing.T) {
	text, err := os.ReadFile("plugin.json")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Handlers []struct {
			Name   string
			Output struct{ Schema map[string]any }
		}
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	outputs := map[string]reflect.Type{
		"numbers": reflect.TypeFor[Numbers](), "containers": reflect.TypeFor[Containers](), "fields": reflect.TypeFor[Fields](),
		"tree": reflect.TypeFor[[]Node](), "generic": reflect.TypeFor[*Page[netip.Addr]](), "just-scalars": reflect.TypeFor[string](), "explicit": reflect.TypeFor[any](),
	}
	random := rand.New(rand.NewPCG(1, 2))
	for _, handler := range manifest.Handlers {
		output, known := outputs[handler.Name]
		if !known {
			continue
		}
		delete(outputs, handler.Name)
		for round := range 300 {
			value := reflect.New(output).Elem()
			if round > 0 {
				fill(random, value, 0)
			}
			encoded, err := json.Marshal(value.Interface())
			if err != nil {
				t.Fatalf("%s: %v", handler.Name, err)
			}
			var decoded any
			if err := json.Unmarshal(encoded, &decoded); err != nil {
				t.Fatal(err)
			}
			if problem := validate(handler.Output.Schema, handler.Output.Schema, decoded, ""); problem != "" {
				t.Fatalf("%s: %s in %s", handler.Name, problem, encoded)
			}
		}
	}
	if len(outputs) > 0 {
		t.Errorf("not in plugin.json: %v", outputs)
	}
}

// TestValidate sees to it that the check above can fail.
func TestValidate(t *testing.T) {
	schema := map[string]any{
		"type": "object", "required": []any{"a"},
		"properties": map[string]any{"a": map[string]any{"type": "integer", "maximum": 5.0}, "b": map[string]any{"type": []any{"array", "null"}, "items": map[string]any{"type": "string"}}},
	}
	for text, valid := range map[string]bool{
		`{"a":1}`: true, `{"a":1,"b":null}`: true, `{"a":1,"b":["x"]}`: true,
		`{}`: false, `{"a":1.5}`: false, `{"a":6}`: false, `{"a":1,"c":1}`: false, `{"a":1,"b":[1]}`: false, `null`: false, `[]`: false,
	} {
		var value any
		if err := json.Unmarshal([]byte(text), &value); err != nil {
			t.Fatal(err)
		}
		if problem := validate(schema, schema, value, ""); (problem == "") != valid {
			t.Errorf("%s: %q", text, problem)
		}
	}
}

// fill sets a value at random: pointers, slices and maps are nil now and then.
func fill(random *rand.Rand, value reflect.Value, depth int) {
	switch known := value.Addr().Interface().(type) {
	case *time.Time:
		*known = time.Unix(random.Int64N(1<<33), random.Int64N(1e9))
		return
	case *netip.Addr:
		*known = netip.AddrFrom4([4]byte{byte(random.Uint32())})
		return
	case *big.Int:
		known.SetUint64(random.Uint64())
		return
	case *json.RawMessage:
		*known = json.RawMessage(`[1,{"a":null}]`)
		return
	case *json.Number:
		*known = "12.5"
		return
	}
	switch value.Kind() {
	case reflect.Bool:
		value.SetBool(random.IntN(2) == 0)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		value.SetInt(int64(random.Uint64()) >> (64 - value.Type().Bits()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		value.SetUint(random.Uint64() >> (64 - value.Type().Bits()))
	case reflect.Float32, reflect.Float64:
		value.SetFloat(random.NormFloat64())
	case reflect.String:
		value.SetString(strings.Repeat("é<", random.IntN(3)))
	case reflect.Interface:
		value.Set(reflect.ValueOf([]any{nil, 1.5, "x"}[random.IntN(2)+1]))
	case reflect.Pointer:
		if random.IntN(2) == 0 && depth < 6 {
			value.Set(reflect.New(value.Type().Elem()))
			fill(random, value.Elem(), depth+1)
		}
	case reflect.Slice:
		if random.IntN(3) > 0 && depth < 6 {
			value.Set(reflect.MakeSlice(value.Type(), random.IntN(3), 3))
		}
		fallthrough
	case reflect.Array:
		for i := range value.Len() {
			fill(random, value.Index(i), depth+1)
		}
	case reflect.Map:
		if random.IntN(3) > 0 && depth < 6 {
			value.Set(reflect.MakeMap(value.Type()))
			key, element := reflect.New(value.Type().Key()).Elem(), reflect.New(value.Type().Elem()).Elem()
			fill(random, key, depth+1)
			fill(random, element, depth+1)
			value.SetMapIndex(key, element)
		}
	case reflect.Struct:
		for i := range value.NumField() {
			if field := value.Field(i); field.CanSet() {
				fill(random, field, depth+1)
			}
		}
	}
}

// validate knows the words that the command writes. Unlike JSON Schema it allows no member that is not named.
func validate(root, schema map[string]any, value any, path string) string {
	if reference, ok := schema["$ref"].(string); ok {
		name, _ := strings.CutPrefix(reference, "#/$defs/")
		return validate(root, root["$defs"].(map[string]any)[name].(map[string]any), value, path)
	}
	if any, ok := schema["anyOf"].([]any); ok {
		if !slices.ContainsFunc(any, func(one interface{}) bool {
			return validate(root, one.(map[string]interface{}), value, path) == ""
		}) {
			return path + " is none of what it may be"
		}
		return ""
	}
	kind := map[string]string{"<nil>": "null", "bool": "boolean", "float64": "number", "string": "string", "[]interface {}": "array", "map[string]interface {}": "object"}[fmt.Sprintf("%T", value)]
	if allowed, ok := schema["type"]; ok {
		list, isList := allowed.([]any)
		if !isList {
			list = []any{allowed}
		}
		number, isNumber := value.(float64)
		isInteger := isNumber && number == float64(int64(number)) || isNumber && number >= 1<<63
		if !slices.Contains(list, any(kind)) && !(isInteger && slices.Contains(list, any("integer"))) {
			return fmt.Sprintf("%s is %s, not %v", path, kind, allowed)
		}
	}
	switch value := value.(type) {
	case float64:
		if minimum, ok := schema["minimum"].(float64); ok && value < minimum {
			return path + " is too small"
		}
		if maximum, ok := schema["maximum"].(float64); ok && value > maximum {
			return path + " is too large"
		}
	case string:
		if schema["format"] == "date-time" {
			if _, err := time.Parse(time.RFC3339Nano, value); err != nil {
				return path + " is no time"
			}
		}
		if schema["contentEncoding"] == "base64" {
			if _, err := base64.StdEncoding.DecodeString(value); err != nil {
				return path + " is no base64"
			}
		}
	case []any:
		if count, ok := schema["minItems"].(float64); ok && float64(len(value)) != count {
			return path + " has another length"
		}
		items, _ := schema["items"].(map[string]any)
		for _, item := range value {
			if problem := validate(root, items, item, path+"[]"); problem != "" {
				return problem
			}
		}
	case map[string]any:
		if schema["type"] == nil {
			return ""
		}
		required, _ := schema["required"].([]any)
		for _, name := range required {
			if _, there := value[name.(string)]; !there {
				return fmt.Sprintf("%s has no %s", path, name)
			}
		}
		properties, _ := schema["properties"].(map[string]any)
		for name, member := range value {
			described, ok := properties[name].(map[string]any)
			if !ok {
				described, ok = schema["additionalProperties"].(map[string]any)
			}
			if !ok {
				return fmt.Sprintf("%s has %s, of which nothing is said", path, name)
			}
			if problem := validate(root, described, member, path+"."+name); problem != "" {
				return problem
			}
		}
	}
	return ""
}
