"""The page /log: what people did."""
