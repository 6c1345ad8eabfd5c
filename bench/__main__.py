"""``python -m bench [area …]``: measure, print, write ``bench/results/<area>.json``; exit 1 if a goal is missed."""

import argparse
import importlib
import json
import pkgutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import bench
from bench.measure import Row, machine
from bench.stage.installation import keep_apart

RESULTS = Path(__file__).parent / "results"
NO_AREA = {"__main__", "measure"}
console = Console(width=None if sys.stdout.isatty() else 160)


def areas() -> list[str]:
    """Return what can be measured."""
    return [
        found.name for found in pkgutil.iter_modules(bench.__path__) if not found.ispkg and found.name not in NO_AREA
    ]


def main(arguments: list[str]) -> int:
    """Measure the areas asked for, all of them when none is; return the exit code."""
    parser = argparse.ArgumentParser(prog="bench", description=bench.__doc__)
    parser.add_argument("areas", nargs="*", metavar="area", help=", ".join(areas()))
    parser.add_argument("--quick", action="store_true", help="small sizes, to see that it works; nothing is written")
    chosen = parser.parse_args(arguments)
    unknown = set(chosen.areas) - set(areas())
    if unknown:
        parser.error(f"there is no area {', '.join(sorted(unknown))}; there are {', '.join(areas())}")
    keep_apart()
    return max(_measure(name, quick=chosen.quick) for name in chosen.areas or areas())


def _measure(area: str, *, quick: bool) -> int:
    about = machine()
    rows = importlib.import_module(f"bench.{area}").run(quick)
    _print(area, rows)
    if not quick:
        _write(area, about, rows)
    return int(any(row.holds is False for row in rows))


def _write(area: str, about: dict[str, Any], rows: list[Row]) -> None:
    result = {"machine": about, "rows": [asdict(row) for row in rows]}
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{area}.json").write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")


def _print(area: str, rows: list[Row]) -> None:
    table = Table(title=area, title_justify="left")
    for name in ("question", "beside"):
        table.add_column(name, overflow="fold")
    for name in ("ours", "peer", "unit", "ratio", "goal", "holds"):
        table.add_column(name, justify="right")
    for row in rows:
        holds = {True: "[green]yes", False: "[bold red]no", None: ""}[row.holds]
        ratio = f"{row.ratio:.1f} ×" if row.ratio else ""
        numbers = (_number(row.ours), _number(row.peer), row.unit, ratio)
        table.add_row(row.question, row.peer_name or "", *numbers, row.goal or "", holds)
    console.print(table)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.0f}" if value >= 100 else f"{value:.3f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
