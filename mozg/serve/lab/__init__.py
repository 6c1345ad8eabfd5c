"""JupyterLab for the analysts of one organisation, behind the same sign-in as everything else.

The server is ours and trusted; kernels and terminals run an analyst's free code and are confined (`mozg.confine`) to
the analyst's folder, the organisation's lake, and its reader role in Postgres. Each analyst has a folder, kernels and
terminals of their own.
"""

from mozg.serve.lab.start import lab, serve

__all__ = ["lab", "serve"]
