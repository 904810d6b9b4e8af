#!/usr/bin/env bash
# Puts Schemathesis into .assay/tools/schemathesis, a Python environment of its own; nothing else on
# the machine changes. Needs Python 3.10 or newer with venv. Run again, it does nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
readonly VERSION=4.25.0 HOME_OF_TOOL="$PWD/.assay/tools/schemathesis"

if "$HOME_OF_TOOL/bin/st" --version 2>/dev/null | grep -qF "$VERSION"; then exit 0; fi
if ! python3 -m venv "$HOME_OF_TOOL"; then
  echo "Schemathesis needs python3 with venv; install them (Debian: python3-venv) and try again." >&2
  exit 1
fi
"$HOME_OF_TOOL/bin/pip" install --quiet --disable-pip-version-check "schemathesis==$VERSION"
"$HOME_OF_TOOL/bin/st" --version
