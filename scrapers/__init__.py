"""Sources: what each holds, how it is fetched, and how its documents become records."""
