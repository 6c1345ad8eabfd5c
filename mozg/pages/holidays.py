"""Public holidays of a country, for the lines of a figure."""

from datetime import date

from mozg.metrics import Period


def holidays_of(country: str | None, during: Period, language: str = "en") -> dict[date, str]:
    """Return the public holidays in a period by date; none for a country (ISO 3166) that is not known.

    They have the names of ``language`` where these are known, else the country's own.
    """
    import holidays  # a list of every country's days, which not every page needs

    if country is None or country not in holidays.list_supported_countries():
        return {}
    years = range(during.first.year, during.last.year + 1)
    spoken = getattr(holidays, country).supported_languages
    said = next((one for one in spoken if one.split("_")[0] == language), None)
    named = holidays.country_holidays(country, years=years, language=said)
    return {day: name for day, name in named.items() if during.first <= day <= during.last}
