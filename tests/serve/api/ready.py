"""The API with everything imported: each line on its input begins a process of it with settings of its own.

A line is JSON: the environment, the log's path and the port; the new process's id is the answer.
"""

import json
import os
import signal
import sys
from pathlib import Path

from mozg.serve.api.__main__ import main


def become(environment: dict[str, str], log: str, port: int) -> None:
    """Be what ``python -m mozg.serve.api --port …`` is in that environment."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    with Path(log).open("wb") as file, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), sys.stdin.fileno())
        os.dup2(file.fileno(), sys.stdout.fileno())
        os.dup2(file.fileno(), sys.stderr.fileno())
    sys.argv[1:] = ["--port", str(port)]
    main()


signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # whoever ends leaves nothing behind
for line in iter(sys.stdin.readline, ""):
    if (pid := os.fork()) == 0:
        become(**json.loads(line))
        break
    print(pid, flush=True)
