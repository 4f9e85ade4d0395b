"""The three databases, each with the package that is its code, and the records that the other packages pass on."""
