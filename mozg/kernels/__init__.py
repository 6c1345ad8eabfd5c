"""Warm kernels: Jupyter kernels that are forked from a process which has already imported the libraries.

`WarmProvisioner` is chosen by a kernel's ``kernel.json`` and starts kernels for whatever speaks with jupyter_client:
Papermill, Voila, nbclient, nbmake, Jupyter Server. Linux only; elsewhere, and whenever a kernel cannot be forked, the
stock provisioner starts it, with the same results. ``README.md`` in this folder tells how to use it elsewhere.
"""

from mozg.kernels.client import PromptClient, PromptManager
from mozg.kernels.memory import Memory, memory_of
from mozg.kernels.provisioner import WarmProvisioner, warm_up

__all__ = ["Memory", "PromptClient", "PromptManager", "WarmProvisioner", "memory_of", "warm_up"]
