"""The widgets with which a reader chooses venues, period and comparison."""

from collections.abc import Callable
from typing import Any

import ipywidgets as widgets
from traitlets import TraitError

from mozg.language import later
from mozg.metrics import DIMENSIONS
from mozg.pages.choices import COMPARISONS, PERIODS
from mozg.pages.context import Context

OTHER_DATES = "dates"
_TALLEST = 6
_REFUSED = (TraitError, TypeError, ValueError, KeyError, IndexError, AttributeError, OverflowError)


class _Guarded(widgets.DOMWidget):
    """A widget that answers a value which it cannot take with a sentence, and keeps the one it had."""

    refused: Callable[[], None] | None = None

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take the state that a browser sent, or refuse all of it."""
        try:
            super().set_state(sync_data)
        except _REFUSED:
            self.send_state()
            if self.refused is not None:
                self.refused()


class _Venues(_Guarded, widgets.SelectMultiple):
    pass


class _Choice(_Guarded, widgets.Dropdown):
    pass


class _Day(_Guarded, widgets.DatePicker):
    pass


class _Switch(_Guarded, widgets.Checkbox):
    pass


class Controls:
    """The controls of one page. ``chosen`` is called with what a reader changed, ``say`` with what to tell.

    Period and comparison get controls only where the page has them.
    """

    def __init__(
        self,
        context: Context,
        chosen: Callable[[dict[str, Any]], None],
        say: Callable[[str], None],
        *,
        period: bool,
        compare: bool,
    ) -> None:
        self._chosen, self._say, self._following = chosen, say, False
        self._write = context.write
        self._make(context)
        dates, before = [self.period, self.first, self.last], [self.compare, self.same]
        asked = [self.venues, *(dates if period else []), *(before if compare else []), *self._narrowed.values()]
        self.box = widgets.HBox(asked, layout=widgets.Layout(flex_flow="row wrap"))
        self.box.add_class("mozg-controls")
        self.follow(context)
        for widget in asked:
            widget.refused = self._refuse
            widget.observe(self._changed, "value")

    def _refuse(self) -> None:
        self._say(self._write.say("The page does not know this choice. Nothing was changed."))

    def follow(self, context: Context) -> None:
        """Show what ``context`` was made of, without taking it for a choice."""
        self._following = True
        choices = context.choices
        whole = choices.date_from in PERIODS and choices.date_to in ("", choices.date_from)
        self.venues.value = choices.venues
        self.period.value = choices.date_from if whole else OTHER_DATES
        self.first.value, self.last.value = context.during.first, context.during.last
        self.compare.value = choices.compare
        self.same.value = choices.like_for_like
        for one, switch in self._narrowed.items():
            switch.value = one in choices.only
        self._following = False

    def _make(self, context: Context) -> None:
        names = tuple(context.allowed.values())
        say = self._write.say
        compared = COMPARISONS if context.choices.compare in COMPARISONS else COMPARISONS | _own_dates(context)
        self.venues = _Venues(options=names, description=say("Venues"), rows=min(max(len(names), 2), _TALLEST))
        self.venues.tooltip = say("None chosen means all of them.")
        self.period = _Choice(
            options=self._options(PERIODS | {OTHER_DATES: later("Other dates")}), description=say("Period")
        )
        self.first, self.last = _Day(description=say("From")), _Day(description=say("To"))
        self.compare = _Choice(options=self._options(compared), description=say("Compare"))
        self.same = _Switch(description=say("Only venues open in both periods"), indent=False)
        # One layout and one style for all: a browser loads every model by itself, and that takes its time.
        layout = widgets.Layout(width="auto")
        self.venues.style.description_width = "initial"
        for widget in (self.venues, self.period, self.first, self.last, self.compare):
            widget.layout, widget.style = layout, self.venues.style
        self.same.layout = layout
        self._narrowed = {one: self._switch(*one, layout) for one in context.choices.only}

    def _switch(self, dimension: str, values: tuple[str, ...], layout: widgets.Layout) -> _Switch:
        title, listed = self._write.say(DIMENSIONS[dimension].title), ", ".join(values)
        said = self._write.say("Only {dimension}: {values}", dimension=title.lower(), values=listed)
        return _Switch(description=said, indent=False, layout=layout)

    def _options(self, named: dict[str, str]) -> list[tuple[str, str]]:
        return [(self._write.say(label), word) for word, label in named.items()]

    def _changed(self, change: dict[str, Any]) -> None:
        if self._following:
            return
        given = self._given(change["owner"])
        if isinstance(given, str):
            self._say(given)
        else:
            self._chosen(given)

    def _given(self, owner: widgets.Widget) -> dict[str, Any] | str:
        """Return what the reader chose with ``owner``, or a sentence if it is only half a choice."""
        if owner is self.venues:
            return {"venues": self.venues.value}
        if owner is self.compare:
            return {"compare": self.compare.value}
        if owner in self._narrowed.values():
            return {"only": tuple(one for one, switch in self._narrowed.items() if switch.value)}
        if owner is self.same:
            return {"like_for_like": self.same.value}
        if owner is self.period and self.period.value != OTHER_DATES:
            return {"date_from": self.period.value, "date_to": ""}
        if self.first.value is None or self.last.value is None:
            return self._write.say("Choose both days, the first and the last.")
        return {"date_from": self.first.value.isoformat(), "date_to": self.last.value.isoformat()}


def _own_dates(context: Context) -> dict[str, str]:
    label = context.write.period(context.before) if context.before else context.choices.compare
    return {context.choices.compare: label}
