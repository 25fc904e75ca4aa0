package main

type tree struct{ left, right *tree }

// binaryTrees builds full trees of every depth up to n, at most 20, and counts their nodes: allocation, pointers and collection.
//
//go:wasmexport binaryTrees
func binaryTrees(n int32) int64 {
	var sum int64
	for depth := int32(0); depth <= min(n, 20); depth++ {
		sum += grow(depth).count()
	}
	return sum
}

func grow(depth int32) *tree {
	if depth == 0 {
		return &tree{}
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() int64 {
	if t.left == nil {
		return 1
	}
	return 1 + t.left.count() + t.right.count()
}
