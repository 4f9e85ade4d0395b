"""Files for crawlers: /sitemap.xml, /robots.txt and /llms.txt."""
