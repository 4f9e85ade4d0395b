"""The pages of guidance documents and their points."""
