"""Export: the whole archive as a folder of plain files, to be read without a server."""
