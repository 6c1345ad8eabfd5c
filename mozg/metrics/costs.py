"""What the goods cost, by recipe, on the day of the sale.

The cost of a line is the till's; where it has none, units × the product's cost that was valid on the business date.
A line without either is not costed: it is left out of the numbers here, and cost coverage says how much that is.
"""

from ibis.expr.types import Value

from mozg.metrics.metric import metric, ratio


@metric("Cost of sales", better="down")
def cost_of_sales(cost: Value) -> Value:
    """Recipe cost of what was sold, VAT excluded; without waste and theft.

    Source: the theoretical cost of MarginEdge and NetSuite.
    """
    return cost


@metric("Food cost", "share", better="down")
def food_cost(costed_cost: Value, costed_revenue: Value) -> Value:
    """Recipe cost ÷ revenue of the lines whose cost is known, VAT included, as chains without VAT count it."""
    return ratio(costed_cost, costed_revenue)


@metric("Food cost before VAT", "share", better="down")
def net_food_cost(costed_cost: Value, costed_revenue: Value, costed_vat: Value) -> Value:
    """Recipe cost ÷ (revenue − VAT) of the lines whose cost is known; missing where the till does not tell the tax."""
    return ratio(costed_cost, costed_revenue - costed_vat)


@metric("Gross margin", better="up")
def gross_margin(costed_revenue: Value, costed_cost: Value) -> Value:
    """Revenue − recipe cost of the lines whose cost is known, VAT included."""
    return costed_revenue - costed_cost


@metric("Gross margin before VAT", better="up")
def net_gross_margin(costed_revenue: Value, costed_vat: Value, costed_cost: Value) -> Value:
    """Revenue − VAT − recipe cost of the lines whose cost is known; missing where the till does not tell the tax."""
    return costed_revenue - costed_vat - costed_cost


@metric("Cost coverage", "share", better="up")
def cost_coverage(costed_revenue: Value, line_revenue: Value) -> Value:
    """Revenue of lines whose cost is known ÷ revenue of all lines."""
    return ratio(costed_revenue.fill_null(0), line_revenue)


@metric("Revenue without a cost", better="down")
def uncosted_revenue(line_revenue: Value, costed_revenue: Value) -> Value:
    """Revenue of lines whose cost is not known.

    Source: Nory's unassigned sales.
    """
    return line_revenue - costed_revenue.fill_null(0)
