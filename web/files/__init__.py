"""Debates, speeches, people, searches and lists as files: citations (.bib, .ris) and data (.json, .csv)."""
