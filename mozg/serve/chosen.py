"""What a reader asks a dashboard for in its address: ``sales.ipynb?venues=Arbat&date_from=last_week``."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from mozg.access.sessions import SignedIn
from mozg.access.venues import venues_of
from mozg.errors import MozgError
from mozg.pages.choices import Choices
from mozg.reports.catalogue import Report
from mozg.reports.parameter import Value
from mozg.reports.service import called, closed_period
from mozg.serve.refusal import RefusedError


def chosen(report: Report, person: SignedIn, query: Mapping[str, Sequence[bytes]]) -> dict[str, Value]:
    """Return the parameters in a page's address, typed; none where the page would look the same without them.

    Whose numbers are shown is decided by who is signed in: ``organization`` is no parameter here. A list has one
    parameter per value; of any other parameter that is given twice, the last counts.

    Raises:
        RefusedError: 400, a parameter is not declared or of the wrong type, or a venue is none that the person may see.
    """
    organization = person.organization
    own = replace(report, parameters=tuple(one for one in report.parameters if one.name != "organization"))
    given = closed_period(_texts(own, query))
    try:
        values = own.validate(given)
        if given.get("venues"):
            _check_venues(person, values["venues"])
        same = called(report, organization, given) == called(report, organization, {})
    except MozgError as error:
        raise RefusedError(400, error) from None
    return {} if same else {name: values[name] for name in given}


def _check_venues(person: SignedIn, names: Any) -> None:
    allowed = person.user.venues
    seen = [venue.name for venue in venues_of(person.organization) if allowed is None or venue.id in allowed]
    Choices(venues=tuple(names)).names(seen)


def _texts(report: Report, query: Mapping[str, Sequence[bytes]]) -> dict[str, str | list[str]]:
    lists = {parameter.name for parameter in report.parameters if parameter.type == "list[str]"}
    texts = {name: [value.decode(errors="replace") for value in values] for name, values in query.items()}
    return {name: values if name in lists else values[-1] for name, values in texts.items()}
