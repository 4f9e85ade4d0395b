"""HTTP for all pages: reading requests, checking who may write, and answering."""
