#!/usr/bin/env bash
# Builds every sample plugin (NAME/NAME.wasm), its manifest where it has one (NAME/plugin.json), the table of native Go's results (NAME/expected.json)
# and the guests that tests have.
#   plugins/build.sh            build what is committed
#   plugins/build.sh --check    build into a temporary folder and compare with what is committed
# Go 1.24 gives the same bytes on every machine, so a difference means that source and binary have come apart.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

go=$(command -v go || true)
for candidate in /usr/lib/go-1.24/bin/go /usr/local/go/bin/go; do
  if [[ -z $go || $("$go" env GOVERSION 2>/dev/null) != go1.24* ]] && [[ -x $candidate ]]; then go=$candidate; fi
done
if [[ -z $go || $("$go" env GOVERSION) != go1.24* ]]; then
  echo "build.sh: Go 1.24 is needed (found: ${go:-none})" >&2
  exit 2
fi

# Nothing is downloaded: the samples use the standard library and each other.
export GOTOOLCHAIN=local GOFLAGS=-mod=mod GOPROXY=off GOWORK=off GOWASM= GOEXPERIMENT= CGO_ENABLED=0

check=false
target=$PWD
tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
if [[ ${1:-} == --check ]]; then
  check=true
  target=$tools/built
fi

# The command that writes manifests runs Go itself, to read what a plugin imports.
PATH=$(dirname "$go"):$PATH
(cd plugins/sdk && "$go" build -trimpath -buildvcs=false -o "$tools/pluginhost-manifest" ./cmd/pluginhost-manifest)

failed=0
compare() {
  if ! $check; then
    echo "built $1"
  elif cmp -s "$1" "$target/$1"; then
    echo "same  $1"
  else
    echo "DIFFERENT $1: run plugins/build.sh and commit the result" >&2
    failed=1
  fi
}

for source in plugins/*/go.mod tests/*/Guests/*/go.mod; do
  folder=$(dirname "$source")
  name=$(basename "$folder")
  if ! grep -qs '^package main' "$folder"/*.go; then continue; fi
  mkdir -p "$target/$folder"
  # Plugins are reactors; what the runner of commands is tested with is a command.
  mode=c-shared
  if [[ $folder == tests/WasiRun.Tests/* ]]; then mode=exe; fi
  (cd "$folder" && GOOS=wasip1 GOARCH=wasm "$go" build -trimpath -buildvcs=false -buildmode=$mode -o "$target/$folder/$name.wasm" .)
  compare "$folder/$name.wasm"
  if [[ -f $folder/plugin.json ]]; then
    "$tools/pluginhost-manifest" -o "$target/$folder/plugin.json" "$folder"
    compare "$folder/plugin.json"
  fi
  if [[ -f $folder/table.go ]]; then
    # Tables come from amd64, whose float arithmetic fuses nothing; elsewhere they are not rebuilt.
    if [[ $("$go" env GOHOSTARCH) == amd64 ]]; then
      (cd "$folder" && "$go" run -trimpath -buildvcs=false . > "$target/$folder/expected.json")
      compare "$folder/expected.json"
    fi
  fi
done
exit $failed
