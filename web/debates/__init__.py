"""The pages of debates and speeches."""
