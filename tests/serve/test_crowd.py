"""Thirty dashboards open at once: each answers, none fails, and nothing is left of them when their pages are gone."""

import asyncio
import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from mozg.kernels import memory_of
from mozg.store.database import reading
from tests.sockets import hang_up

#: So many people, each with as many pages.
PEOPLE, OF_ONE = 5, 6
#: Seconds for which a kernel is kept whose page is gone; else ten minutes.
ABSENCE = 20
PATIENCE = 300
GIB = 1 << 30
LAST_28_DAYS = 5


class Tab:
    """An open page's line to its kernel, and what its widgets hold."""

    def __init__(self, visitor, page, say):
        self.visitor, self.page, self.say, self.states = visitor, page, say, {}

    async def connect(self):
        """Do as Voila's scripts do: ask for all widgets."""
        self.socket = await self.visitor.socket(self.page.kernel)
        control = {"comm_id": "c"}
        await self.socket.write_message(self.say("comm_open", target_name="jupyter.widget.control", data={}, **control))
        await self.socket.write_message(self.say("comm_msg", data={"method": "request_states"}, **control))
        while not self.states:
            told = await self._heard()
            self.states = {one: about["state"] for one, about in told.get("states", {}).items()}

    async def choose_last_28_days(self):
        """Choose another period, and return the seconds until the page has drawn its sections anew."""
        before, began = self.shown(), time.monotonic()
        period = self._widget(lambda state: state.get("description") == "Период")
        update = {"method": "update", "state": {"index": LAST_28_DAYS}, "buffer_paths": []}
        await self.socket.write_message(self.say("comm_msg", comm_id=period, data=update))
        said = self._widget(lambda state: "mozg-said" in state.get("_dom_classes", ()))
        while self.shown() == before or self.states[said]["value"]:
            await self._heard()
        return time.monotonic() - began

    def shown(self):
        """All that the page's sections show."""
        return json.dumps([state["outputs"] for state in self.states.values() if "outputs" in state])

    async def _heard(self):
        """Take a widget's change in, and return what the message said."""
        heard = json.loads(await asyncio.wait_for(self.socket.read_message(), PATIENCE))
        told = heard["content"].get("data", {}) if heard["msg_type"] == "comm_msg" else {}
        if told.get("method") == "update" and heard["content"]["comm_id"] in self.states:
            self.states[heard["content"]["comm_id"]] |= told["state"]
        return told

    def _widget(self, is_meant):
        return next(one for one, state in self.states.items() if is_meant(state))


def eventually(true):
    deadline = time.monotonic() + PATIENCE
    while not true() and time.monotonic() < deadline:
        time.sleep(0.5)
    return true()


def connections(organization):
    query = text("SELECT count(*) FROM pg_stat_activity WHERE usename = :role")
    with reading() as connection:
        return connection.scalar(query, {"role": organization.reader_role})


async def crowd(tabs):
    """Connect all pages, choose on all of them at once, and return how long each took; the lines then break."""
    await asyncio.gather(*(tab.connect() for tab in tabs))
    took = await asyncio.gather(*(tab.choose_last_28_days() for tab in tabs))
    for tab in tabs:
        hang_up(tab.socket)
    return took


@pytest.mark.soak
def test_thirty_pages_answer_at_once_and_leave_nothing(fresh_organization, serving, say, tmp_path, capsys):
    with serving(fresh_organization, tmp_path, "--absence", str(ABSENCE)) as site:
        people = [site.visit("manager") for _ in range(PEOPLE)]
        with ThreadPoolExecutor(PEOPLE * OF_ONE) as browsers:
            opened = [(one, browsers.submit(one.open)) for one in people for _ in range(OF_ONE)]
            tabs = [Tab(visitor, page.result(), say) for visitor, page in opened]
        kernels = site.kernels()
        assert len(kernels) == len(tabs), "each page has a kernel of its own, and every one was forked"
        took = asyncio.run(crowd(tabs))
        memory = memory_of(site.processes())
        asked = connections(fresh_organization)
        for tab in tabs:
            assert "mozg-tile" in tab.shown()
            assert "mozg-failure" not in tab.shown()
        for tab in tabs[::2]:  # every other page says that it is closed; the others were on phones
            assert tab.visitor.leave(tab.page) == 204
        assert eventually(lambda: len(site.kernels()) == len(tabs) // 2)
        assert eventually(lambda: not site.kernels()), "kernels outlive their pages"
        assert eventually(lambda: connections(fresh_organization) == 0)
        assert not any(tab.visitor.reaches(tab.page) for tab in tabs)
    with capsys.disabled():
        print(
            f"\n{len(tabs)} pages at once: another period in {statistics.median(took):.1f} s, at most {max(took):.1f} s"
        )
        print(f"{memory.pss / GIB:.1f} GiB in all, {asked} connections to Postgres")
    assert memory.pss < 24 * GIB
