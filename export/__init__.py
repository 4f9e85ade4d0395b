"""Export: the whole archive as a folder of plain files that needs no server."""
