"""r_keeper 7: reference server, cash servers, White Server and the report database behind them, over one chain."""

from mozg.simulate.rkeeper.serving import ServedRkeeper, serve_rkeeper

__all__ = ["ServedRkeeper", "serve_rkeeper"]
