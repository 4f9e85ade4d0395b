"""The pages of people who spoke."""
