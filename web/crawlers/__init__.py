"""Package web.crawlers."""
