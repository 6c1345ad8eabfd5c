"""Changes of menu prices: when a dish began to cost something else, and what sold before and after.

A price is what a unit cost on a day before discounts. It changed where it moved by a hundredth or more and had been the
same, to half a hundredth, on five days of sale before, and stays so for five (at the end of the data, three) from then
on: an hour at half price, or a large portion, is no change of the menu. Before and after are whole weeks, as many on
each side, up to four: no more than lie between two changes, or up to the end of the data.
"""

import pandas as pd

from mozg.lake.reader import Lake
from mozg.metrics.menu import KEY, STOPPED
from mozg.metrics.narrowing import Part, days, of_dishes, of_venues
from mozg.metrics.periods import Period

#: Weeks before and after a change that are looked at, at most.
WEEKS = 4

#: What is read: far enough back to see that a price was steady before the first possible change.
_AROUND = "business_date BETWEEN getvariable('first')::DATE - 70 AND getvariable('last')::DATE + 35"
_PRICED = f"{_AROUND} AND {{venues}} AND units > 0 AND gross > 0"

_STEPS = f"""
WITH named AS (SELECT product_id, {KEY} FROM products p WHERE {{dishes}}),
calendar AS (
    SELECT venue_id, business_date, first_opened AS opened, greatest(last_closed, last_opened) AS closed
    FROM daily_sales WHERE {_AROUND} AND {{venues}} AND checks > 0
),
known AS (SELECT venue_id, max(business_date) AS until FROM calendar GROUP BY ALL),
sold AS MATERIALIZED (
    SELECT venue_id, product_id, business_date, units, costed_revenue - coalesce(costed_vat, 0) - costed_cost AS margin,
           CASE WHEN units > 0 AND gross > 0 THEN gross / units END AS price
    FROM dish_days WHERE {_AROUND} AND {{venues}}
),
moved AS (SELECT venue_id, product_id FROM sold GROUP BY ALL HAVING max(price) >= 1.01 * min(price)),
priced AS MATERIALIZED (
    SELECT venue_id, product_id, business_date, price, row_number() OVER here AS nth,
           lag(price) OVER here AS price_before
    FROM sold SEMI JOIN moved USING (venue_id, product_id) WHERE price IS NOT NULL
    WINDOW here AS (PARTITION BY venue_id, product_id ORDER BY business_date)
),
around AS (
    SELECT j.venue_id, j.product_id, j.business_date, j.price, j.price_before, j.shift < 0 AS before,
           count(*) AS days, max(p.price) - min(p.price) AS width
    FROM (
        SELECT *, unnest(range(-5, 5)) AS shift FROM priced WHERE abs(price - price_before) >= 0.01 * price_before
    ) j JOIN priced p ON p.venue_id = j.venue_id AND p.product_id = j.product_id AND p.nth = j.nth + j.shift
    GROUP BY ALL
),
steady AS (
    SELECT b.* FROM around b JOIN around a USING (venue_id, product_id, business_date)
    WHERE b.before AND b.days = 5 AND b.width <= 0.005 * b.price_before
        AND NOT a.before AND a.days >= 3 AND a.width <= 0.005 * a.price
),
steps AS (
    SELECT venue_id, product_id, dish, category, business_date AS changed_on, price_before, price, until,
           lag(changed_on) OVER here AS earlier, lead(changed_on) OVER here AS later
    FROM steady JOIN named USING (product_id) JOIN known USING (venue_id)
    WINDOW here AS (PARTITION BY venue_id, product_id ORDER BY changed_on)
),
sides AS (
    SELECT * EXCLUDE (earlier, later, until),
           (7 * least({WEEKS}, (changed_on - coalesce(earlier, changed_on - 28)) // 7,
                      (coalesce(later, until + 1) - changed_on) // 7))::INTEGER AS reach
    FROM steps WHERE changed_on BETWEEN getvariable('first')::DATE AND getvariable('last')::DATE
),
{STOPPED},
for_sale AS (
    SELECT s.venue_id, s.product_id, changed_on, c.business_date >= changed_on AS later,
           (count(*) - coalesce(sum(share), 0))::DECIMAL(12, 3) AS days
    FROM sides s JOIN calendar c ON c.venue_id = s.venue_id
        AND c.business_date >= changed_on - reach AND c.business_date < changed_on + reach
    LEFT JOIN stopped t ON t.venue_id = s.venue_id AND t.dish = s.dish AND t.category = s.category
        AND t.business_date = c.business_date
    GROUP BY ALL
),
own AS (
    SELECT s.venue_id, s.product_id, changed_on, d.business_date >= changed_on AS later, sum(units) AS units,
           sum(margin) AS margin
    FROM sides s JOIN sold d ON d.venue_id = s.venue_id AND d.product_id = s.product_id
        AND d.business_date >= changed_on - reach AND d.business_date < changed_on + reach
    GROUP BY ALL
),
mates AS (
    SELECT s.venue_id, s.product_id, s.changed_on, reach, n.product_id AS mate
    FROM sides s JOIN named n ON n.category = s.category AND n.product_id <> s.product_id
    ANTI JOIN steps o ON o.venue_id = s.venue_id AND o.product_id = n.product_id
        AND o.changed_on > s.changed_on - reach AND o.changed_on < s.changed_on + reach
),
beside AS (
    SELECT m.venue_id, m.product_id, changed_on, d.business_date >= changed_on AS later, sum(units) AS others
    FROM mates m JOIN sold d ON d.venue_id = m.venue_id AND d.product_id = m.mate
        AND d.business_date >= changed_on - reach AND d.business_date < changed_on + reach
    GROUP BY ALL
),
told AS (
    SELECT s.*, later, coalesce(units, 0) AS units, margin, coalesce(days, 0) AS days, coalesce(others, 0) AS others
    FROM sides s LEFT JOIN for_sale USING (venue_id, product_id, changed_on)
    LEFT JOIN own USING (venue_id, product_id, changed_on, later)
    LEFT JOIN beside USING (venue_id, product_id, changed_on, later)
),
weighed AS (
    SELECT *, sum(units) FILTER (NOT later) OVER (PARTITION BY venue_id, product_id, changed_on) AS weight FROM told
),
marked AS (
    SELECT *, coalesce(changed_on - lag(changed_on) OVER change > 7, true)::INTEGER AS fresh
    FROM weighed WINDOW change AS (PARTITION BY dish, category ORDER BY changed_on)
),
joint AS (SELECT *, sum(fresh) OVER (PARTITION BY dish, category ORDER BY changed_on) AS number FROM marked)
SELECT category, dish, min(changed_on) AS changed_on, count(DISTINCT venue_id) AS venues,
       coalesce(sum(price_before * weight) / nullif(sum(weight), 0), avg(price_before)) AS price_before,
       coalesce(sum(price * weight) / nullif(sum(weight), 0), avg(price)) AS price,
       {
    ", ".join(
        f"coalesce(sum({n}) FILTER (NOT later), 0) AS {n}_before, coalesce(sum({n}) FILTER (later), 0) AS {n}"
        for n in ("units", "days", "others")
    )
},
       sum(margin) FILTER (NOT later) AS margin_before, sum(margin) FILTER (later) AS margin
FROM joint GROUP BY category, dish, number ORDER BY changed_on, category, dish
"""


def price_steps(lake: Lake, during: Period, part: Part) -> pd.DataFrame:
    """Return the changes of menu prices in the period: what `mozg.analysis.menu.prices.what_followed` takes.

    One row per dish and change (changes in several venues within a week are one) with ``category``, ``dish``,
    ``changed_on``, ``venues`` (how many), ``price_before`` and ``price`` (of a unit, before discounts, VAT included;
    over venues weighed with the units before), and of the weeks before and after: ``units``, ``days`` (trading days of
    the venues, less what the dish was on the stop list), ``others`` (units of the dishes of its category there whose
    prices stayed in those weeks) and ``margin`` (revenue without VAT − recipe cost, of what has a cost); the earlier
    with ``_before``.

    Raises:
        LakeError: the lake cannot be read.
        QueryError: the part is narrowed by something that a dish does not have.
    """
    return lake.frame(_STEPS.format(venues=of_venues(lake, part), dishes=of_dishes(part, "p")), days(during))
