"""The page /annotate: link words of a speech to a point of guidance, and edit such an annotation."""
