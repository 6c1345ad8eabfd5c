"""Menu engineering after Kasavana and Smith: popularity × contribution margin.

A dish of a group of k is popular if its share of the units sold is at least 70 % of a k-th; it is profitable if its
contribution margin (net price − recipe cost) is at least the average margin of a unit sold, ΣN·CM ÷ ΣN. Star: both.
Plowhorse: popular only. Puzzle: profitable only. Dog: neither. As the border is an average, there will always be
plowhorses and dogs: the class says where a dish stands in its group, not what to do with it.

Source: Kasavana, M. L. and Smith, D. I. (1982), Menu Engineering; the worksheet's letters as in Dittmer and Keefe,
Principles of Food, Beverage, and Labor Cost Controls, ch. 11.
"""

import numpy as np

from mozg.analysis.menu.worksheet import Array, Worksheet
from mozg.language import later

#: Per cent of an even share of the group's units that make a dish popular.
POPULAR = 70
STAR, PLOWHORSE, PUZZLE, DOG = range(4)
NAMES = (later("Star"), later("Plowhorse"), later("Puzzle"), later("Dog"))


def classes(sheet: Worksheet, popular: int = POPULAR) -> Array:
    """Return `STAR` … `DOG` for each dish; what is said of dishes without a cost means nothing."""
    return np.where(
        is_popular(sheet, popular),
        np.where(is_profitable(sheet), STAR, PLOWHORSE),
        np.where(is_profitable(sheet), PUZZLE, DOG),
    )


def is_popular(sheet: Worksheet, popular: int = POPULAR) -> Array:
    """Return which dishes sell at least ``popular`` per cent of an even share (the worksheet's column R)."""
    number = sheet.sold.shape[-1]
    found: Array = sheet.sold * number * 100 >= popular * sheet.sold.sum(axis=-1, keepdims=True)
    return found.astype(bool)


def is_profitable(sheet: Worksheet) -> Array:
    """Return which dishes' units earn at least the average margin of a unit (the worksheet's column P)."""
    sold, margin = sheet.total(sheet.sold), sheet.total(sheet.margin)
    found: Array = (sheet.margin * sold >= sheet.sold * margin) & (sheet.sold > 0)
    return found.astype(bool)


def thresholds(sheet: Worksheet, popular: int = POPULAR) -> tuple[float, float]:
    """Return the share of units that makes popular, and the margin of a unit that makes profitable (Q and O)."""
    sold = sheet.total(sheet.sold).item()
    number = sheet.sold.shape[-1]
    return popular / 100 / number if number else 0.0, float(sheet.total(sheet.margin).item() / sold) if sold else 0.0
