"""Each number defined once, and one way to ask for it.

``sales``, ``guests``, ``losses``, ``costs`` and ``payments`` define the metrics, ``dimensions`` what they can be split
by, ``periods`` when, and `query` asks. ``docs/metrics.md`` lists them all.
"""

from importlib import import_module

from mozg.metrics.dimensions import DIMENSIONS
from mozg.metrics.metric import METRICS, Metric
from mozg.metrics.periods import Period, Plan, comparison, period
from mozg.metrics.query import query

#: The modules whose functions are the metrics, in the order in which people read them.
FAMILIES = ("sales", "guests", "losses", "costs", "payments")
for _family in FAMILIES:
    import_module(f"mozg.metrics.{_family}")

__all__ = ["DIMENSIONS", "FAMILIES", "METRICS", "Metric", "Period", "Plan", "comparison", "period", "query"]
