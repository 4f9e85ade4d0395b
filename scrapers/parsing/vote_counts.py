"""Comparison of the names in a list of votes with the totals that are printed beside it."""

from collections import Counter
from collections.abc import Iterable

from db.records.hansard import Vote


def describe_mismatch(votes: Iterable[Vote], ayes: int, noes: int) -> str:
    """Say in words where names and totals disagree; "" if they agree.

    Tellers count in the Lords, whose votes are content and not-content, and not in the Commons.
    """
    counts = Counter(vote.vote for vote in votes if not vote.teller or "content" in vote.vote)
    found = counts["aye"] + counts["content"], counts["no"] + counts["not-content"]
    if found == (ayes, noes):
        return ""
    return (
        f"The list has {found[0]} names on one side and {found[1]} on the other,"
        f" where {ayes} and {noes} are printed as voting."
    )
