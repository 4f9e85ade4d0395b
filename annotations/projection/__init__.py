"""State to rows: annotations placed in the record of today, and statements.db refreshed with them."""
