"""What three methods say of one dish, put together.

Kasavana himself (2002) found that methods which all make sense class the same menu differently. So each verdict is
brought to one scale (strong, middling, weak), and a dish is called strong or weak without reserve only where all
three say so.
"""

from collections.abc import Sequence
from typing import Literal

from mozg.analysis.menu import kasavana_smith as ks
from mozg.analysis.menu import pavesic

Verdict = Literal["strong", "middling", "weak"]
Agreement = Literal["strong", "rather strong", "rather weak", "weak", "differ"]

OF_KASAVANA_SMITH: dict[int, Verdict] = {
    ks.STAR: "strong", ks.PLOWHORSE: "middling", ks.PUZZLE: "middling", ks.DOG: "weak",
}  # fmt: skip
OF_PAVESIC: dict[int, Verdict] = {
    pavesic.PRIME: "strong", pavesic.STANDARD: "middling", pavesic.SLEEPER: "middling", pavesic.PROBLEM: "weak",
}  # fmt: skip


def verdicts(kasavana_smith: int, pavesic_class: int, reaches_goal: bool) -> tuple[Verdict, Verdict, Verdict]:
    """Return what each of the three methods thinks of a dish."""
    return OF_KASAVANA_SMITH[kasavana_smith], OF_PAVESIC[pavesic_class], "strong" if reaches_goal else "weak"


def agreement(told: Sequence[Verdict]) -> Agreement:
    """Return what the verdicts come to together.

    ``strong``: all say so. ``rather strong``: some do, and none says weak. ``weak`` and ``rather weak`` likewise.
    ``differ``: one says strong and another says weak.
    """
    strong, weak = told.count("strong"), told.count("weak")
    if strong and weak:
        return "differ"
    if strong:
        return "strong" if strong == len(told) else "rather strong"
    return "weak" if weak == len(told) else "rather weak"
