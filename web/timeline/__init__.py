"""The page /timeline: mentions and quotes by month."""
