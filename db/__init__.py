"""The databases and the code that reads and writes each, and the records shared by the other packages."""
