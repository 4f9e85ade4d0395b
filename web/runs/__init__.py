"""The page /runs, about runs of the scraper, and the health check /healthz."""
