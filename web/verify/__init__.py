"""The page /verify: check a quotation against the record."""
