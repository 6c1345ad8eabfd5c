#!/usr/bin/env bash
# Prepare this folder for work: system packages, and .venv with exactly what requirements.lock says. Run it as often as you like:
# when nothing has changed it does nothing.
#   PYTHON=python3.12   the interpreter that .venv is made with (3.11 or newer)
#   SYSTEM=0            leave system packages alone
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh
unset PYTHONDONTWRITEBYTECODE # compile once here, or every notebook kernel compiles everything again

PATH=${PATH//"$PWD/.venv/bin:"/} # .venv is not made with its own interpreter

stamp=.venv/.mozg-setup

# What .venv depends on. The folder's path is part of it, because the commands in .venv/bin name it.
fingerprint() { { cat requirements.lock pyproject.toml && .venv/bin/python --version && pwd; } | cksum; }

is_current() { [ -x .venv/bin/python ] && [ -f "$stamp" ] && [ "$(fingerprint)" = "$(cat "$stamp")" ]; }

find_python() {
  local candidate
  for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "MOZG needs Python 3.11 or newer, and ${PYTHON:-python3} is not. Install it, or name it: make setup PYTHON=/path/to/python3.12"
}

# Debian keeps ensurepip, without which no .venv gets pip, in a package of its own.
need_ensurepip() {
  "$1" -c 'import ensurepip' 2>/dev/null && return
  local package
  package=$("$1" -c 'import sys; print("python{}.{}-venv".format(*sys.version_info))')
  may_install || fail "$1 cannot make virtual environments: it lacks ensurepip. On Debian and Ubuntu an administrator" \
    "installs it with: apt-get install $package. Elsewhere reinstall Python with ensurepip."
  step "System package: $package" apt_install "$package" || fail "apt-get could not install $package; its words are above."
}

make_venv() {
  .venv/bin/python -c 'import pip' 2>/dev/null && return
  local python
  python=$(find_python)
  need_ensurepip "$python"
  step "Virtual environment (.venv, $("$python" --version))" "$python" -m venv --clear .venv
}

# uv is pinned, with its hashes, by the same lock that it installs.
install_uv() {
  local version
  version=$(sed -n 's/^uv==\([^ ]*\).*/\1/p' requirements.lock)
  case "$(.venv/bin/uv --version 2>/dev/null || true)" in "uv $version"*) return ;; esac
  awk '/^[a-z0-9]/ { ours = /^uv==/ } ours' requirements.lock >.venv/uv.txt
  step "uv $version" .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r .venv/uv.txt
}

install_packages() {
  local uv=".venv/bin/uv --no-progress pip" python="--python .venv/bin/python"
  step "Packages from requirements.lock, compiled" $uv sync $python --compile-bytecode requirements.lock &&
    step "MOZG itself" $uv install $python --no-deps --editable . &&
    step "Bytecode of MOZG" .venv/bin/python -m compileall -q mozg flows
}

[ "${SYSTEM:-1}" = 0 ] || scripts/system.sh packages
is_current && exit 0
echo "Setting up MOZG Analytics"
make_venv
install_uv || fail "pip could not install uv; its words are above. Most often the network or a proxy is the reason (HTTPS_PROXY)."
install_packages || fail "uv could not install the packages; its words are above. Run the same command again: it goes on where it stopped."
[ "${SYSTEM:-1}" = 0 ] || scripts/system.sh browser
fingerprint >"$stamp"
