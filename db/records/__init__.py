"""Records that all packages share, as immutable named tuples; GLOSSARY.md explains the words."""
