#!/usr/bin/env bash
# Raise requirements.lock to the newest versions that pyproject.toml allows, for every platform and Python 3.11 or newer.
#   scripts/lock.sh                               everything
#   scripts/lock.sh --upgrade-package plotly      one package; the others stay
#   scripts/lock.sh --no-upgrade                  only what pyproject.toml newly asks for
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- --upgrade
UV_CUSTOM_COMPILE_COMMAND=scripts/lock.sh .venv/bin/uv pip compile pyproject.toml --all-extras --universal --generate-hashes \
  --no-emit-index-url --no-emit-find-links --python-version 3.11 --output-file requirements.lock --quiet "$@"
git diff --stat -- requirements.lock
