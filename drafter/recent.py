"""What each account was offered lately, in this process: what a new draft must not sound like.

Kept in memory alone, so that no request waits for it; a process that starts knows nothing. Nobody sees another account's. What is kept
are numbers for runs of words, no text: whoever erases a record need not wait until its words are forgotten here.
"""

from __future__ import annotations

from array import array
from collections import OrderedDict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

PER_ACCOUNT = 20
"""Drafts; what was written before them a buyer hardly sees beside the new one."""

ACCOUNTS = 500
"""Accounts; of more, the one that was quiet the longest is forgotten."""


@dataclass(frozen=True, slots=True)
class RecentDrafts:
    """The last drafts of each account."""

    _kept: OrderedDict[str, deque[tuple[int, array[int]]]] = field(default_factory=OrderedDict)
    """Account to drafts, each with a number for the review that it answers."""

    def of(self, account_id: str, *, apart_from: str) -> tuple[array[int], ...]:
        """The runs of the account's last drafts, oldest first.

        Args:
            apart_from: A review; whoever asks again for its draft may get the same one.
        """
        review = hash(apart_from)
        return tuple(runs for answered, runs in self._kept.get(account_id, ()) if answered != review)

    def add(self, account_id: str, runs: Iterable[int], *, review: str) -> None:
        """Keeps the runs of a draft that was offered."""
        kept = self._kept.setdefault(account_id, deque(maxlen=PER_ACCOUNT))
        self._kept.move_to_end(account_id)
        # Eight bytes a run; a set takes fifty.
        kept.append((hash(review), array("q", runs)))
        if len(self._kept) > ACCOUNTS:
            self._kept.popitem(last=False)
