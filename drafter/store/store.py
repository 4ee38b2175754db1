"""`Store`: all tables of one database."""

from __future__ import annotations

from drafter.domain import DraftRecord
from drafter.store.claims import Claims
from drafter.store.contacts import Contacts
from drafter.store.counters import Counters
from drafter.store.database import Database
from drafter.store.drafts import Drafts
from drafter.store.jobs import Jobs
from drafter.store.keys import Keys
from drafter.store.verdicts import Verdicts
from drafter.store.webhooks import Webhooks


class Store:
    """What outlives a request. Connects on first use; every method raises `StoreError`, never a driver's own error."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.drafts = Drafts(self.database)
        self.verdicts = Verdicts(self.database)
        self.contacts = Contacts(self.database)
        self.keys = Keys(self.database)
        self.claims = Claims(self.database)
        self.counters = Counters(self.database)
        self.webhooks = Webhooks(self.database)
        self.jobs = Jobs(self.database)

    async def append(self, record: DraftRecord) -> None:
        """Writes a record of the local account, once."""
        await self.drafts.append(record)

    async def get(self, record_id: str) -> DraftRecord | None:
        """The record of that id, of whichever account, or None."""
        return await self.drafts.get(record_id)

    async def check(self) -> None:
        """Shows that records can be read.

        Raises:
            StoreError: they cannot.
        """
        await self.drafts.get("-")

    async def aclose(self) -> None:
        """Gives back all that is held."""
        await self.database.aclose()
