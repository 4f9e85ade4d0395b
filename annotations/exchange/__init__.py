"""Annotations in the formats of other programs: writers, readers, and the plan of an import into the journal."""
