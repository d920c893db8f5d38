#!/bin/sh
# Makes sure that a Chromium is there for the browser tests: one on the path, else Debian's package (as root), else
# playwright's own. Fails with a sentence where none can be had. $1 is the playwright command.
set -u
for name in chromium chromium-browser google-chrome google-chrome-stable; do
  command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing Chromium for the browser tests ..."
  { apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium fonts-dejavu-core; } >/dev/null 2>&1
  command -v chromium >/dev/null 2>&1 && exit 0
fi
"$1" install chromium >/dev/null 2>&1 && exit 0
echo "The browser tests need Chromium: install the package 'chromium' (or 'google-chrome') and run this again." >&2
exit 1
