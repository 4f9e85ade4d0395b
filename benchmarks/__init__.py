"""Measurements of `make bench`: ratios in one run on one machine, never a test."""
