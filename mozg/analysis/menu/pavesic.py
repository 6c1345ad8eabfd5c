"""Cost-margin analysis after Pavesic: food cost × weighted contribution margin.

A dish's weighted margin is N·CM, all that it brings; it is high at ΣN·CM ÷ k of a group of k or more (Pavesic's
average, without any 70 % rule). Its food cost is low up to that of the whole group, ΣN·f ÷ ΣN·p. Prime: low cost, high
margin. Standard: high cost, high margin. Sleeper: low cost, low margin. Problem: high cost, low margin.

Source: Pavesic, D. V. (1983), Cost-margin analysis: a third approach to menu pricing and design; (1985), Prime numbers:
finding your menu's strengths.
"""

import numpy as np

from mozg.analysis.menu.worksheet import Array, Worksheet
from mozg.language import later

PRIME, STANDARD, SLEEPER, PROBLEM = range(4)
NAMES = (later("Prime"), later("Standard"), later("Sleeper"), later("Problem"))


def classes(sheet: Worksheet) -> Array:
    """Return `PRIME` … `PROBLEM` for each dish; what is said of dishes without a cost means nothing."""
    return np.where(
        brings_much(sheet),
        np.where(is_cheap(sheet), PRIME, STANDARD),
        np.where(is_cheap(sheet), SLEEPER, PROBLEM),
    )


def brings_much(sheet: Worksheet) -> Array:
    """Return which dishes bring at least the average weighted margin."""
    found: Array = sheet.margin >= sheet.mean_per_dish(sheet.margin)
    return found.astype(bool)


def is_cheap(sheet: Worksheet) -> Array:
    """Return which dishes' food cost is not above that of the group."""
    found: Array = sheet.cost * sheet.total(sheet.revenue) <= sheet.revenue * sheet.total(sheet.cost)
    return found.astype(bool)


def thresholds(sheet: Worksheet) -> tuple[float, float]:
    """Return the food cost of the group (a ratio), and the average weighted margin per day for sale."""
    revenue = sheet.total(sheet.revenue).item()
    cost = float(sheet.total(sheet.cost).item() / revenue) if revenue else 0.0
    return cost, float(sheet.mean_per_dish(sheet.margin).item())
