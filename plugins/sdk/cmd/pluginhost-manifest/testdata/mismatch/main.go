package main

func main() { undefined() }

var text int = "text"
