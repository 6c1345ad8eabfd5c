"""Measurements beside named peers: ``python -m bench [area …] [--quick]``, or ``make bench ONLY=load``.

Each module here but `bench.measure` is an area with one function, ``run(quick) -> list[Row]``. Its rows go into
``bench/results/<area>.json``. Ours and its peers are measured by turns in one run on one machine, so read the
ratios; the absolute numbers are this machine's. ``bench/stage`` sets up what is measured, ``bench/peers`` holds the
ways it could have been done instead.
"""
