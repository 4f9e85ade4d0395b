"""A fuzzer over parsers, loader and imports: `make fuzz N=10000 SEED=1`, and a small budget in `make test`."""
