"""Pure functions on strings: folding, sentences, quotations, alignment and word differences."""
