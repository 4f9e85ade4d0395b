"""The W3C Annotation Protocol at /annotations/: annotations for programs, to read and to write."""
