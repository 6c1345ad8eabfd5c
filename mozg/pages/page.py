"""The page: what a notebook makes once and shows its sections with."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from IPython.display import display

from mozg.errors import MozgError
from mozg.lake.reader import lake_of_kernel
from mozg.language import Words, words
from mozg.language.words import SOURCE
from mozg.pages.answers import Answers
from mozg.pages.blocks import Block, markup
from mozg.pages.choices import Choices
from mozg.pages.context import Context, resolve
from mozg.pages.declared import report_titles
from mozg.pages.header import header
from mozg.pages.mode import mode
from mozg.pages.section import Section, Shown, failure, log, run
from mozg.pages.style import STYLE

if TYPE_CHECKING:
    from mozg.pages.dashboard import Dashboard


class Page:
    """One report for one reader.

    ::

        page = Page("sales", organization="demo", date_from="last_week", compare="previous")
        page.show(sales.headline)

    ``venues`` are names, none for all that the reader may see. ``date_from`` and ``date_to`` are ISO dates or words
    (`mozg.metrics.period`), meant in the organisation's time zone; without ``date_from``, the last ``history_days``
    count. ``compare`` is none, previous, last_year or FIRST..LAST. ``only`` narrows every question to some values of
    dimensions (``{"waiter": waiter}``, none for all); a parameter for it is called like its dimension. Other
    ``options`` are for the sections. In a dashboard, what is given here (not None) gets a control, and errors are shown
    instead of raised. ``today`` is for tests. ``timings`` tells the seconds that each section took. ``title`` is by
    default the declared one, in the organisation's language.

    Raises:
        ScopeError: this kernel may not read the organisation.
        AccessError: a venue is unknown or not allowed.
        QueryError: the period or the comparison cannot be read.
    """

    def __init__(
        self,
        name: str,
        organization: str = "",
        *,
        venues: Sequence[str] = (),
        date_from: str | None = None,
        date_to: str | None = None,
        compare: str | None = None,
        like_for_like: bool | None = None,
        history_days: int = 28,
        only: Mapping[str, Sequence[str]] | None = None,
        title: str = "",
        today: date | None = None,
        **options: Any,
    ) -> None:
        self.name, self.title = name, title
        self.timings: dict[str, float] = {}
        narrowed = tuple((name, tuple(values)) for name, values in (only or {}).items() if values)
        period = (date_from or "", date_to or "", compare or "none")
        choices = Choices(tuple(venues), *period, bool(like_for_like), history_days, narrowed)
        self._options, self._today, self._open = options, today, False
        self._dashboard: Dashboard | None = None
        try:
            self._answers = Answers(lake_of_kernel(organization))
            self.context = self.read(choices)
        except MozgError as error:
            if mode() == "static":
                raise
            self._refuse(error)
            return
        self._open, spoken = True, self.context.write.language
        self.title = title or report_titles(spoken).get(name, name.replace("_", " ").capitalize())
        self._begin(period=date_from is not None, compare=compare is not None)

    def read(self, choices: Choices) -> Context:
        """Return the context of ``choices``.

        Raises:
            AccessError, QueryError: see `mozg.pages.context.resolve`.
        """
        return resolve(self._answers, choices, self._options, self._today)

    def show(self, section: Section) -> None:
        """Show one section here: once and for good, or in a dashboard again with every change."""
        if not self._open:
            return
        if self._dashboard is not None:
            self._dashboard.add(section)
            return
        for block in self.run(section).blocks:
            if block.bundle:
                _display(block)

    def run(self, section: Section) -> Shown:
        """Run one section and return what became of it."""
        shown = run(section, self.context)
        self.timings[section.name] = shown.seconds
        return shown

    def _begin(self, *, period: bool, compare: bool) -> None:
        if mode() == "live":
            from mozg.pages.dashboard import Dashboard  # widgets are for dashboards alone

            self._dashboard = Dashboard(self, period=period, compare=compare)
            return
        _display(markup(STYLE))
        _display(header(self.title, self.context))

    def _refuse(self, error: MozgError) -> None:
        """Tell a dashboard's reader why there is no page: Voila itself would hide it."""
        incident = secrets.token_hex(4)
        log.error("Page %s is refused, incident %s: %s", self.name, incident, error)
        _display(markup(STYLE))
        _display(failure(error, incident, self._words()))

    def _words(self) -> Words:
        """The language of the organisation, or English where it is not even known whose page this is."""
        return words(self._answers.lake.owner.locale if hasattr(self, "_answers") else SOURCE)


def _display(block: Block) -> None:
    if block.above:
        display({"text/html": block.above}, raw=True)
    display(block.shown(live=False), raw=True)
