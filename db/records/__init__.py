"""The nouns of the program, as named tuples that cannot change; GLOSSARY.md says the same in words."""
