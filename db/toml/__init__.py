"""TOML files that people write, read strictly."""
