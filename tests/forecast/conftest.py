import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def week():
    """What each weekday brings, Monday to Sunday."""
    return np.array([100.0, 110, 120, 130, 200, 260, 180])


@pytest.fixture
def weekly(week):
    """Give daily series with that weekly pattern and lognormal noise."""

    def make(days=140, noise=0.0, start="2025-01-06", seed=0):
        index = pd.date_range(start, periods=days)
        luck = np.random.default_rng(seed).lognormal(0, noise, days) if noise else 1.0
        return pd.Series(week[index.dayofweek] * luck, index=index)

    return make
