"""An independent reading of a document's bytes, held against the records that a parser made of them.

Nothing here is shared with the parsers: what they misread, this reads again.
"""

VERSION = 1  # increased whenever the audit would find other faults in the same records
