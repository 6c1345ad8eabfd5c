"""The API's process: uvicorn on loopback, with a log that holds no secret."""

import argparse
import logging

import uvicorn

from mozg.serve.api.app import create_app
from mozg.serve.live import ROUNDS
from mozg.serve.services import HOST
from mozg.settings import settings

PORT = 8000
#: Seconds that requests under way are given when the process is asked to end.
GRACE = 5


def main() -> None:
    """Serve until SIGTERM."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=PORT)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    ROUNDS.start()
    uvicorn.run(
        create_app(),
        host=HOST,
        port=arguments.parse_args().port,
        log_config=None,
        access_log=False,  # ours leaves out the query, where a letter's token stands
        server_header=False,
        # Only a proxy in front makes the address https, and only then may a caller's address come from a header.
        proxy_headers=settings().address.startswith("https:"),
        timeout_graceful_shutdown=GRACE,
    )


if __name__ == "__main__":
    main()
