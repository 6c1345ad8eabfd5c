"""What the simulated tills of one chain share: the truth, the credentials, what goes wrong, who asked what."""

from dataclasses import dataclass, field
from typing import Any

from mozg.simulate.chain import Chain
from mozg.simulate.faults import Faults
from mozg.simulate.keys import Keys, Licence, Tokens
from mozg.simulate.log import Log
from mozg.simulate.present import Present


@dataclass
class World:
    """``present`` is the truth that every till tells; `replace` changes it for all of them at once."""

    present: Present
    keys: Keys
    tokens: Tokens
    licence: Licence = field(default_factory=Licence)
    faults: Faults = field(default_factory=Faults)
    log: Log = field(default_factory=Log)
    #: What iikoCloud was told to call, by organisation.
    webhooks: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def chain(self) -> Chain:
        """The chain as the tills have it now."""
        return self.present.chain

    def replace(self, chain: Chain) -> None:
        """Let the tills tell another truth from now on: a copy of the chain from `mozg.simulate.edits`."""
        self.present.replace(chain)
