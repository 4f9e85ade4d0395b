"""Withdraw and restore annotations, replies and moments of videos."""
