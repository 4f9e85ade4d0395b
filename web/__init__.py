"""The web site: a Datasette plugin with a package for each page."""
