"""Work in a process of its own, which has imported and asked nothing before."""

import importlib
import os
import pickle
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.stage.installation import FOLDER, ROOT

RESULT = FOLDER / "result.pickle"


def fresh(module: str, argument: Path, environment: Mapping[str, str]) -> Any:
    """Return what ``module.run(argument)`` returns in a new process with more ``environment``."""
    RESULT.unlink(missing_ok=True)
    command = [sys.executable, "-m", __name__, module, str(argument)]
    subprocess.run(command, check=True, env={**os.environ, **environment, "PYTHONPATH": str(ROOT)})
    return pickle.loads(RESULT.read_bytes())


if __name__ == "__main__":
    RESULT.write_bytes(pickle.dumps(importlib.import_module(sys.argv[1]).run(Path(sys.argv[2]))))
