"""Serve a fictional Parliament on loopback, with the specimens: for `make demo` and for tests."""
