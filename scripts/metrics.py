"""Write ``docs/metrics.md`` from the metrics and dimensions in ``mozg/metrics``."""

from pathlib import Path

from mozg.metrics.dictionary import dimension_table, metric_tables

TEXT = """# The dictionary of metrics

Each number is defined once, here, and every report, query, dashboard and mail asks for it by its name. `mozg query
--list` prints the same. Money is in the organisation's currency, VAT included unless the definition says otherwise.
A ratio is a sum over a sum, whatever it is split by. A missing input stays missing.

## Metrics

A metric can be split by everything that a check has: venue, days, hour, channel, hall, table, waiter, party size, visit
length, check size. Some can also be split by what a line has (dish and menu groups) or a payment has (its method).

{metrics}
## Dimensions

{dimensions}
Two periods stand beside each other by `--compare`: `previous` (as long, whole weeks earlier), `last_year` (364 days
earlier, so that weekdays meet their like), `plan` (what `mozg plan` entered for the same days: revenue, checks, guests
and what follows from them), or `FIRST..LAST`. `--like-for-like` keeps the venues that were open before
the earlier period began and traded in both.

This page is made by `python scripts/metrics.py` from `mozg/metrics`; a test holds the two equal.
"""
PAGE = Path(__file__).parent.parent / "docs" / "metrics.md"

if __name__ == "__main__":
    PAGE.write_text(TEXT.format(metrics=metric_tables(), dimensions=dimension_table()), "utf-8")
