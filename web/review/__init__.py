"""The pages of review: decide suggestions, and confirm or repair changed quotes."""
