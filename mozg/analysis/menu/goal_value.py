"""Goal value analysis after Hayes and Huffman: one number per dish, beside that of the whole menu.

``GV = A·B·C·D`` with A = 1 − food cost, B = units sold, C = price, D = 1 − (variable cost + food cost), all costs as
ratios to the price. The goal is the same formula with the group's food cost ΣN·f ÷ ΣN·p, average units ΣN ÷ k and
average price ΣN·p ÷ ΣN. A dish at or above the goal does its part. A·B·C is its margin, so that GV = margin · D.

Source: Hayes, D. K. and Huffman, L. (1985), Menu analysis: a better way; as taught in Dopson and Hayes, Food and
Beverage Cost Control. Variable cost (labour above all) is rarely known per dish: it is a setting for the whole menu.
"""

from fractions import Fraction

import numpy as np

from mozg.analysis.menu.worksheet import Array, Worksheet

#: Per cent of the price that goes for everything variable but food.
VARIABLE_COST = 30


def goal_values(sheet: Worksheet, variable_cost: int = VARIABLE_COST) -> Array:
    """Return the goal value of each dish per day for sale, zero where its cost is not known."""
    share = sheet.cost / np.where(sheet.revenue > 0, sheet.revenue, 1)
    values: Array = sheet.margin * (1 - _ratio(sheet, variable_cost) - share)
    return np.where(sheet.costed, values, 0)


def goal(sheet: Worksheet, variable_cost: int = VARIABLE_COST) -> Array:
    """Return the goal value of the whole group, which each dish should reach."""
    revenue = sheet.total(sheet.revenue)
    share = sheet.total(sheet.cost) / np.where(revenue > 0, revenue, 1)
    values: Array = sheet.mean_per_dish(sheet.margin) * (1 - _ratio(sheet, variable_cost) - share)
    return values


def reaches_goal(sheet: Worksheet, variable_cost: int = VARIABLE_COST) -> Array:
    """Return which dishes reach the goal of their group."""
    found: Array = goal_values(sheet, variable_cost) >= goal(sheet, variable_cost)
    return found.astype(bool)


def _ratio(sheet: Worksheet, per_cent: int) -> Fraction | float:
    return Fraction(per_cent, 100) if sheet.sold.dtype == object else per_cent / 100
