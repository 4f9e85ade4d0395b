"""Moments of videos in which a speech is given: the page to tag one."""
