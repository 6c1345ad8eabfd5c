"""Prefect's server on our Postgres, in this process: ``python -m mozg.serve.prefect_server --port 4200``.

Two things keep Prefect 3.8.8 from working here, and both are mended before it starts:

- It indexes names by trigrams, with an extension that the embedded Postgres does not have and that only makes
  searching by a part of a name faster. Its migrations run here without those indexes.
- Its scheduler inserts runs with a value for ``FlowRun.state``, which is no column. SQLAlchemy 2.0 passed over it;
  2.1 refuses, and nothing would ever be scheduled.
"""

import argparse
from collections.abc import Sequence
from typing import Any

import uvicorn
from sqlalchemy import event, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.ext.hybrid import hybrid_property

from mozg.settings import be_quiet

HOST = "127.0.0.1"
APPLICATION = "prefect.server.api.server:create_app"
_TRIGRAMS = "trgm"


def without_trigrams(
    connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool
) -> tuple[str, Any]:
    """Return a statement that does nothing for one that makes the trigram extension or an index of it."""
    makes = statement.strip().upper().startswith("CREATE") and _TRIGRAMS in statement
    return ("SELECT 1" if makes else statement), parameters


def pass_over_states() -> None:
    """Let rows for `FlowRun` carry a ``state`` when many are inserted at once, as SQLAlchemy 2.0 did."""
    from prefect.server.database.orm_models import FlowRun  # loads the whole server

    state = inspect(FlowRun).all_orm_descriptors["state"]
    assert isinstance(state, hybrid_property)
    state.inplace.bulk_dml(lambda flow_run, row, value: None)


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve Prefect's API and pages on 127.0.0.1 until SIGTERM; its settings come from the environment."""
    parser = argparse.ArgumentParser(prog="python -m mozg.serve.prefect_server", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="the port on 127.0.0.1")
    given = parser.parse_args(arguments)
    be_quiet()
    event.listen(Engine, "before_cursor_execute", without_trigrams, retval=True)
    pass_over_states()
    uvicorn.run(APPLICATION, factory=True, host=HOST, port=given.port, log_level="warning")


if __name__ == "__main__":
    main()
