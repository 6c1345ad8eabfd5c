# Shared by the scripts in this folder; sourced, never run.

log=var/setup.log
mkdir -p var

# Say in a sentence what is wrong and what to do, and stop.
fail() {
  printf '\n%s\n' "$*" >&2
  exit 1
}

# Run a command quietly under a title, print how long it took, and on failure show the end of what it said.
step() {
  local title=$1 started=$SECONDS
  shift
  printf '  %-58s' "$title"
  if "$@" >"$log" 2>&1 </dev/null; then
    printf '%5s\n' "$((SECONDS - started)) s"
  else
    printf 'failed\n\n'
    tail -n 25 "$log" >&2
    return 1
  fi
}

has() { command -v "$1" >/dev/null 2>&1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

may_install() { has apt-get && { [ "$(id -u)" = 0 ] || has sudo; }; }

# A third-party archive that does not answer must not stop an install that does not need it: only the install decides.
apt_install() {
  as_root apt-get -qq update || true
  as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends "$@"
}
