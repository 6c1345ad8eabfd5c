"""Each number defined once, and one way to ask for it.

``sales`` defines the metrics, ``dimensions`` what they can be split by, ``periods`` when, and `query` asks.
"""

import mozg.metrics.sales  # noqa: F401  # its functions register themselves
from mozg.metrics.dimensions import DIMENSIONS
from mozg.metrics.metric import METRICS, Metric
from mozg.metrics.periods import Period, comparison, period
from mozg.metrics.query import query

__all__ = ["DIMENSIONS", "METRICS", "Metric", "Period", "comparison", "period", "query"]
