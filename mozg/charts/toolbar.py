"""The one button that a live figure has: its picture as a file."""

from typing import Any

from mozg.language import later, words

#: What plotly.js says by itself of that button. A chart is sent to nobody, and its axes stay where they are.
_SAID = (later("Download plot as a PNG"), later("Sorry, there was a problem downloading your image!"))


def toolbar(locale: str, title: str = "") -> dict[str, Any]:
    """Return plotly.js's configuration of a live figure for readers of ``locale``; its picture is called ``title``."""
    said = words(locale)
    own = {
        "locale": said.language,
        "locales": {said.language: {"dictionary": {text: said.say(text) for text in _SAID}}},
        "toImageButtonOptions": {"filename": title[:80] or "mozg", "scale": 2},
    }
    return {"displaylogo": False, "responsive": True, "plotlyServerURL": "", "modeBarButtons": [["toImage"]], **own}
