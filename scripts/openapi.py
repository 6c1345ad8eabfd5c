"""Write docs/openapi.json, the API's description: ``python scripts/openapi.py``."""

import json
from pathlib import Path

from mozg.serve.api.app import create_app

FILE = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"


def main() -> None:
    """Write the file."""
    FILE.write_text(json.dumps(create_app().openapi(), indent=2, ensure_ascii=False) + "\n")
    print(f"Wrote {FILE}.")


if __name__ == "__main__":
    main()
