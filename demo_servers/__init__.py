"""Servers of a fictional Parliament on loopback, over the specimens: for `make demo` and for tests."""
