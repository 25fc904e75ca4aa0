package main

import _ "example.com/not/there"

func main() {}
