"""Commands of people, as checked journal entries."""
