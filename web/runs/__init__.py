"""The page /runs, about runs of the scraper, and /healthz."""
