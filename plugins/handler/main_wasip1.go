package main

// main never runs in a reactor: `_initialize` runs the package initialisers and the host then calls the exports.
func main() {}
