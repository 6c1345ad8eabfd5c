"""Which snapshot of the lake is the newest, for pages that are open while a restaurant sells."""

import asyncio

from tornado.web import authenticated
from voila.handler import BaseVoilaHandler

from mozg.access.sessions import SignedIn
from mozg.access.venues import venues_of
from mozg.lake.newest import newest_snapshot
from mozg.sync.live import is_live


class Newest(BaseVoilaHandler):
    """Answers ``{"snapshot": 42}``; null where no venue of the organisation is live, so that nobody asks again."""

    @authenticated
    async def get(self) -> None:
        """Answer with the number of the newest snapshot."""
        person: SignedIn = self.current_user.signed_in
        self.set_header("Cache-Control", "no-store")
        self.finish({"snapshot": await asyncio.to_thread(_newest, person)})


def _newest(person: SignedIn) -> int | None:
    owner = person.organization
    return newest_snapshot(owner) if any(map(is_live, venues_of(owner))) else None
