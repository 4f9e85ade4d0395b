"""What `make bench` measures: ratios in one run on one machine, never a test."""
