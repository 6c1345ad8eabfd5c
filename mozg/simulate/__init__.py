"""Restaurants that do not exist, served over the protocols of real tills.

    chain = Chain.generate(seed=7, first=date(2026, 1, 1), last=date(2026, 3, 31))
    with serve(chain) as served:
        served.address, served.venues()

The truth is in ``chain``: whatever comes back through a till can be compared with it to the kopeck. `edits` change
it after the fact, and `Served.replace` lets every till tell the change.
"""

from mozg.simulate.chain import Chain
from mozg.simulate.faults import Faults
from mozg.simulate.serving import Served, serve

__all__ = ["Chain", "Faults", "Served", "serve"]
