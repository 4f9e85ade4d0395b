"""Annotations: guidance, the quotes linked to it, their places in the record, and suggestions of more."""
