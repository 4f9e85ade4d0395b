"""Records as golden files hold them."""


def make_plain(record: object) -> object:
    """A record as JSON can hold it, without the fields that are None."""
    if not isinstance(record, tuple):
        return record
    if not hasattr(record, "_asdict"):
        return [make_plain(each) for each in record]
    usual = record._field_defaults
    said = {k: v for k, v in record._asdict().items() if v is not None and not (k in usual and v == usual[k])}
    fields = {name: make_plain(value) for name, value in said.items()}
    return {"record": type(record).__name__, **fields}
