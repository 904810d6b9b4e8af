#!/usr/bin/env bash
# Puts the load engine k6 into .assay/tools/k6. It is not an npm package (the one of that name
# is an empty placeholder), so it is built with Go: the newest version whose modules can be had.
# Does nothing when k6 is there already. Exit code 1 with one sentence when it cannot be built.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly VERSIONS=(v2.3.0 v2.2.0)
readonly TARGET="$PWD/.assay/tools/k6"

if [ -x "$TARGET" ] && "$TARGET" version >/dev/null 2>&1; then
  echo "k6 is there: $("$TARGET" version | head -n 1)"
  exit 0
fi
if ! command -v go >/dev/null 2>&1; then
  echo "k6 cannot be built: Go is not installed (1.26 or later is needed)." >&2
  exit 1
fi

mkdir -p "$(dirname "$TARGET")"
work=$(mktemp -d)
trap 'chmod -R u+w "$work" 2>/dev/null; rm -rf "$work"' EXIT

# The short way, as k6's manual has it.
if GOBIN="$work/bin" go install "go.k6.io/k6/v2@${VERSIONS[0]}" >"$work/install.log" 2>&1; then
  mv "$work/bin/k6" "$TARGET"
fi

# The long way, for module proxies that hold only some versions: a throw-away module, and no
# detour to the source hosts (`direct`), which a closed network refuses.
proxies=$(go env GOPROXY | sed 's/[,|]direct//g')
for version in "${VERSIONS[@]}"; do
  [ -x "$TARGET" ] && break
  mkdir -p "$work/$version"
  printf 'package main\n\nimport k6cmd "go.k6.io/k6/v2/cmd"\n\nfunc main() { k6cmd.Execute() }\n' >"$work/$version/main.go"
  (
    cd "$work/$version"
    export GOPROXY="$proxies" GOFLAGS="-mod=mod -buildvcs=false"
    go mod init k6build && go get "go.k6.io/k6/v2@$version" && go mod tidy && go build -o "$TARGET" .
  ) >"$work/$version.log" 2>&1 || echo "k6 $version cannot be built: $(grep -v '^go: downloading' "$work/$version.log" | tail -n 1)" >&2
done

if [ ! -x "$TARGET" ]; then
  echo "k6 cannot be built: none of ${VERSIONS[*]} could be fetched and compiled with $(go version)." >&2
  exit 1
fi
echo "k6 is ready: $("$TARGET" version | head -n 1)"
