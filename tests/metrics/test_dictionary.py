"""What is printed of the metrics is what they are."""

import pytest

from mozg.metrics import DIMENSIONS, FAMILIES, METRICS
from mozg.metrics.dictionary import dimension_table, metric_tables
from mozg.settings import settings


def test_the_printed_dictionary_is_this_one():
    page = (settings().project_path / "docs" / "metrics.md").read_text("utf-8")
    assert metric_tables() in page, "Write it anew: python scripts/metrics.py"
    assert dimension_table() in page, "Write it anew: python scripts/metrics.py"


@pytest.mark.parametrize("metric", METRICS.values(), ids=lambda metric: metric.name)
def test_each_metric_says_what_it_is(metric):
    assert metric.title
    assert metric.definition.endswith((".", ")."))
    assert metric.needs
    assert metric.family in FAMILIES


@pytest.mark.parametrize("dimension", DIMENSIONS.values(), ids=lambda dimension: dimension.name)
def test_each_dimension_says_what_it_is(dimension):
    assert dimension.title
    assert dimension.definition.endswith(".")
