"""Public holidays of a country, for the lines of a figure."""

from datetime import date

from mozg.metrics import Period


def holidays_of(country: str | None, during: Period) -> dict[date, str]:
    """Return the public holidays in a period by date; none for a country (ISO 3166) that is not known."""
    import holidays  # a list of every country's days, which not every page needs

    if country is None or country not in holidays.list_supported_countries():
        return {}
    years = range(during.first.year, during.last.year + 1)
    named = holidays.country_holidays(country, years=years)
    return {day: name for day, name in named.items() if during.first <= day <= during.last}
