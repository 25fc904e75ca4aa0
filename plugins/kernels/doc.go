// Command kernels is a reactor of small computations whose speed is measured, one a file.
package main
