// Command handler is a reactor that answers HTTP requests without a network, as a plugin for the web would: the largest of the computations whose speed is measured.
package main
