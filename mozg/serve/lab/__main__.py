"""The JupyterLab of one organisation, until SIGTERM or SIGINT.

python -m mozg.serve.lab --organization demo --port 8888
"""

import argparse
from collections.abc import Sequence

from mozg.access.organizations import find_organization
from mozg.serve.lab.server import PORT
from mozg.serve.lab.start import serve
from mozg.settings import be_quiet


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve the JupyterLab of the organisation that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m mozg.serve.lab", description=__doc__)
    parser.add_argument("--organization", required=True, help="the organisation's short name, such as demo")
    parser.add_argument("--port", type=int, default=PORT, help=f"the port on 127.0.0.1 (default {PORT})")
    given = parser.parse_args(arguments)
    be_quiet()
    serve(find_organization(given.organization), given.port)


if __name__ == "__main__":
    main()
