"""The one command line of the program, over all its packages."""
