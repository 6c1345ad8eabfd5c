#!/usr/bin/env bash
# Remove what can be made again: caches and built files. ALL=1 removes .venv too. Data (var/, reports/archive/) always stays.
set -euo pipefail
cd "$(dirname "$0")/.."
rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
find . \( -name .venv -o -name .git -o -name var \) -prune -o \
  \( -name __pycache__ -o -name .ipynb_checkpoints -o -name '*.egg-info' \) -type d -prune -exec rm -rf {} +
[ "${ALL:-0}" = 0 ] || rm -rf .venv
