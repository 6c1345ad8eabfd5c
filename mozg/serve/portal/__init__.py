"""The page that people land on after signing in: what changed, what needs attention, reports, and past runs.

It needs no kernel: numbers come from the lake's roll-ups through `mozg.metrics.query`, all else from the record.
"""
