"""The menu's methods: which dishes carry it, how steadily, at what margin, and what changed.

One module per method; each takes a frame with one row per dish (or per dish and week) and returns a frame. Money is
Decimal and without VAT where a column says *net*; comparisons with borders are exact, so that a dish on a border has
one letter on every machine.
"""
