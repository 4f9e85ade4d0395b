"""Plain text from the markup of every source: words, paragraphs and headings."""
