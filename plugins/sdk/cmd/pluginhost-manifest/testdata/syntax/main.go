package main

func main() {

func broken(
