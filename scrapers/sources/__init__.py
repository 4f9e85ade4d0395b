"""One package or module for each source: the documents to request for a topic, and the records in a document."""
