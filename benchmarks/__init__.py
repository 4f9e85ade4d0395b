"""Measurements for `make bench`: ratios from one run on one machine; never used as tests."""
