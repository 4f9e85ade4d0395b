"""Replies to annotations: the forms to write and to change one."""
