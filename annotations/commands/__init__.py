"""Actions of people, as checked entries of the journal."""
