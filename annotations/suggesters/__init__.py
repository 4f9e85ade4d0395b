"""Suggesters: machines that propose sentences for points, and decide nothing; one module and one entry each."""
