"""Light or dark: pages follow the reader's own setting until they choose otherwise, which a cookie remembers.

The cookie is set by the switch on the page (``reports/templates/voila/static/colors.js``) and read here, so that a
page is sent in the right colours and does not change under the reader's eyes.
"""

from typing import Literal

#: It says nothing of the person, so that any page may read it.
COOKIE = "mozg_colors"
Colors = Literal["", "light", "dark"]


def chosen_colors(cookie: str | None) -> Colors:
    """Return what a cookie says; nothing where nobody chose, or somebody wrote into it."""
    return "light" if cookie == "light" else "dark" if cookie == "dark" else ""
