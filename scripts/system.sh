#!/usr/bin/env bash
# System packages that wheels cannot bring: a browser that draws charts for paper, Pango that sets pages, fonts for names in
# Cyrillic, Chinese, Japanese and Korean.
set -euo pipefail
cd "$(dirname "$0")/.."
source scripts/common.sh

# Debian itself: Ubuntu's chromium package is a snap, which cannot run headless under a service.
on_debian() { has apt-get && [ "$(. /etc/os-release && echo "$ID")" = debian ]; }

has_browser() {
  [ -x "${BROWSER_PATH:-}" ] || has chromium || has chromium-browser || has google-chrome || has google-chrome-stable
}

# The names in apt-packages.txt that are not installed yet, without the browser where another one will do.
missing_packages() {
  local present package
  present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' 2>/dev/null)
  while read -r package; do
    grep -qx "$package installed" <<<"$present" && continue
    [ "$package" = chromium ] && { has_browser || ! on_debian; } && continue
    echo "$package"
  done <scripts/apt-packages.txt
}

install_packages() {
  local missing
  missing=$(missing_packages | xargs)
  [ -n "$missing" ] || return 0
  may_install || fail "These system packages are missing and this account may not install them: $missing. Ask an" \
    "administrator to run: apt-get install $missing. Or go on without PDF reports: make setup SYSTEM=0."
  # shellcheck disable=SC2086
  step "System packages: $missing" apt_install $missing ||
    fail "apt-get could not install: $missing. Put right what it says above, or go on without PDF reports: make setup SYSTEM=0."
}

find_playwright_browser() {
  .venv/bin/python -c 'from playwright.sync_api import sync_playwright as start
with start() as playwright: print(playwright.chromium.executable_path)'
}

# A browser that is not on PATH becomes .venv/bin/chromium, which is on PATH in every `make` and in an activated .venv.
install_browser() {
  has_browser && return 0
  local browser="/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
  if [ ! -x "$browser" ]; then
    # shellcheck disable=SC2046
    step "Chromium (Playwright's)" .venv/bin/playwright install $(! may_install || echo --with-deps) chromium ||
      fail "Chromium could not be downloaded. Install Chrome or Chromium yourself and name it in BROWSER_PATH," \
        "or go on without charts on paper: make setup SYSTEM=0."
    browser=$(find_playwright_browser)
  fi
  printf '#!/bin/sh\nexec "%s" "$@"\n' "$browser" >.venv/bin/chromium
  chmod +x .venv/bin/chromium
}

# WeasyPrint loads Pango when it is imported, so importing it is the check.
check_pango() {
  step "Checking that pages can be set (WeasyPrint)" .venv/bin/python -c "import weasyprint" ||
    fail "WeasyPrint did not find Pango. On macOS run: brew install pango. Elsewhere install the package with libpango" \
      "1.44 or newer. Or go on without PDF reports: make setup SYSTEM=0."
}

case "${1:-}" in
packages) ! has dpkg-query || install_packages ;;
browser)
  install_browser
  check_pango
  ;;
*) fail "Usage: scripts/system.sh packages|browser" ;;
esac
