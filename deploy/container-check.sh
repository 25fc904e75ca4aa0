#!/usr/bin/env bash
# Builds the image with buildah on stand-in base images (a minimal Debian with this machine's .NET) and uses it as an operator would:
# it must make a key when it has none, refuse calls without one, run a plugin, keep it over a restart, and not run as root.
# Needs root, buildah, podman, runc, debootstrap and curl. CONTAINER_CHECK_CACHE keeps the minimal Debian between runs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache=${CONTAINER_CHECK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pluginhost-container-check}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/container-check.XXXXXX")
name=pluginhost-check-$$
port=$((20000 + RANDOM % 20000))
url=http://127.0.0.1:$port
key=key-$RANDOM-$RANDOM-$RANDOM
storage=(--root "$scratch/storage" --runroot "$scratch/run" --storage-driver vfs)
passed=0

buildah() { command buildah "${storage[@]}" "$@"; }
podman=(podman "${storage[@]}" --cgroup-manager=cgroupfs --runtime runc)
podman() { command "${podman[@]}" "$@"; }

cleanup() {
  podman rm --force --ignore --time 1 "$name" "$name-first" >/dev/null 2>&1 || true
  # Layers of vfs are whole copies of the file system.
  rm -rf "$scratch"
}
trap cleanup EXIT

say() { printf '%s  %s\n' "$(date +%H:%M:%S)" "$*"; }
pass() { passed=$((passed + 1)); say "ok: $*"; }
fail() {
  say "FAILED: $*" >&2
  if podman container exists "$name"; then podman logs "$name" 2>&1 | tail -n 40 >&2; fi
  exit 1
}

# The archive that this machine's own packages come from, so that none is named here.
mirror() {
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk -v RS= '/Suites:[^\n]*[ \t]bookworm([ \t\n]|$)/ { if (match($0, /(^|\n)URIs:[ \t]*[^ \t\n]+/)) { uri = substr($0, RSTART, RLENGTH); sub(/.*URIs:[ \t]*/, "", uri); print uri; exit } }'
  sed -nE 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+bookworm[[:space:]].*/\2/p' /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null || true
}

dotnet_root() { dirname "$(readlink -f "$(command -v dotnet)")"; }

debian() {
  if [[ ! -f $cache/debian.tar ]]; then
    say "debootstrap"
    mkdir -p "$cache"
    local uri
    uri=$(mirror | head -n 1)
    [[ -n $uri ]] || { say "FAILED: no Debian archive among the apt sources" >&2; exit 1; }
    if ! debootstrap --variant=minbase --include=ca-certificates,libssl3,libstdc++6,zlib1g bookworm "$scratch/debian" "$uri" >"$scratch/debootstrap.log" 2>&1; then
      tail -n 20 "$scratch/debootstrap.log" >&2
      exit 1
    fi
    tar --directory "$scratch/debian" --exclude=./var/cache/apt --exclude=./var/lib/apt/lists --exclude=./usr/share/doc --exclude=./usr/share/locale \
      --exclude=./dev --exclude=./proc --exclude=./sys -cf "$cache/debian.tar.part" .
    mv "$cache/debian.tar.part" "$cache/debian.tar"
    rm -rf "$scratch/debian"
  fi
}

# base NAME PATH…: the minimal Debian with these parts of the .NET installation.
base() {
  local image=$1 root container
  shift
  root=$scratch/base
  mkdir -p "$root"
  tar --directory "$root" -xf "$cache/debian.tar"
  mkdir -p "$root/usr/share/dotnet" "$root/dev" "$root/proc" "$root/sys" "$root/usr/bin"
  tar --directory "$(dotnet_root)" -cf - "$@" | tar --directory "$root/usr/share/dotnet" -xf -
  ln -sf /usr/share/dotnet/dotnet "$root/usr/bin/dotnet"
  # No registry: what the packages folder lacks is an error at once, and not after a minute of retries.
  mkdir -p "$root/root/.nuget/NuGet"
  printf '<configuration><packageSources><clear /><add key="none" value="/root/.nuget/NuGet" /></packageSources></configuration>\n' > "$root/root/.nuget/NuGet/NuGet.Config"
  tar --directory "$root" -cf "$scratch/base.tar" .
  rm -rf "$root"
  podman import --quiet --change 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1' --change 'ENV DOTNET_CLI_TELEMETRY_OPTOUT=1' \
    --change 'ENV DOTNET_NOLOGO=1' --change 'ENV NuGetAudit=false' --change 'ENV NUGET_PACKAGES=/packages' "$scratch/base.tar" "$image" >/dev/null
  rm -f "$scratch/base.tar"
}

# The packages are restored here, into the cache that the build then sees read-only: inside, there is no registry.
# A copy of the sources, because a restore for one runtime identifier rewrites the lock files.
restore() {
  mkdir -p "$scratch/context"
  tar -cf - --exclude=bin --exclude=obj src .editorconfig Dockerfile .dockerignore plugins/calc/calc.wasm | tar --directory "$scratch/context" -xf -
  cp -r "$scratch/context/src" "$scratch/restore"
  dotnet restore "$scratch/restore/PluginHost.Api" --runtime linux-x64 -p:PublishReadyToRun=true -p:RestoreLockedMode=false --verbosity quiet
  rm -rf "$scratch/restore"
}

run() {
  podman run --detach --name "$name" --network host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
    --env PluginHost__ApiKey="$key" --env ASPNETCORE_URLS="$url" --volume "$scratch/data:/data" localhost/pluginhost >/dev/null
  local attempt
  for attempt in $(seq 100); do
    if curl -fsS -o /dev/null "$url/readyz" 2>/dev/null; then return; fi
    [[ $(podman inspect --format '{{.State.Running}}' "$name") == true ]] || fail "the container ended while starting (attempt $attempt)"
    sleep 0.2
  done
  fail "not ready after 20 s"
}

call() { curl -sS --max-time 30 -H "Authorization: Bearer $key" "$@"; }
status() { curl -sS --max-time 30 -o "$scratch/answer" -w '%{http_code}' "$@"; }

debian
say "stand-in base images"
# podman asks for a policy even where nothing is pulled.
mkdir -p "$scratch/storage" "$scratch/run"
base localhost/stand-in-sdk .
base localhost/stand-in-runtime dotnet host shared LICENSE.txt

say "packages"
restore
say "image"
packages=${NUGET_PACKAGES:-$HOME/.nuget/packages}
buildah bud --isolation chroot --format docker --pull=never --build-arg BUILD_IMAGE=localhost/stand-in-sdk --build-arg RUNTIME_IMAGE=localhost/stand-in-runtime \
  --volume "$packages:/packages:ro" --tag localhost/pluginhost "$scratch/context" >"$scratch/build.log" 2>&1 || { tail -n 60 "$scratch/build.log" >&2; fail "the image does not build"; }
pass "the image builds"

# The owner that a named volume would take over from the image.
mkdir -p "$scratch/data"
chown 1654:1654 "$scratch/data"
chmod 711 "$scratch"

mkdir -p "$scratch/first"
chown 1654:1654 "$scratch/first"
podman run --detach --name "$name-first" --network host --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 \
  --env ASPNETCORE_URLS="$url" --volume "$scratch/first:/data" localhost/pluginhost >/dev/null
for attempt in $(seq 100); do
  if curl -fsS -o /dev/null "$url/readyz" 2>/dev/null; then break; fi
  sleep 0.2
done
first=$(podman logs "$name-first" 2>&1 | grep -o 'phk_[A-Za-z0-9_]*') || fail "no first key: $(podman logs "$name-first" 2>&1 | tail -n 5)"
[[ $(status "$url/v1/plugins") == 401 ]] || fail "answers without a key"
[[ $(status -H "Authorization: Bearer $first" "$url/v1/plugins") == 200 ]] || fail "its first key is not let in"
podman rm --force --time 30 "$name-first" >/dev/null
pass "makes its first key and asks for it"

run
pass "starts with a key"
[[ $(podman exec "$name" id -u) == 1654 ]] || fail "runs as root"
pass "runs as an ordinary user"
[[ $(status "$url/livez") == 200 ]] || fail "livez"
pass "livez needs no key"
[[ $(status "$url/v1/plugins") == 401 ]] || fail "no 401 without a key"
[[ $(status -H 'Authorization: Bearer wrong' "$url/v1/plugins") == 401 ]] || fail "no 401 with a wrong key"
pass "401 without a key and with a wrong one"
[[ $(status -H "Authorization: Bearer $key" -H 'Content-Type: application/wasm' --data-binary @plugins/calc/calc.wasm "$url/v1/plugins/calc/versions") == 201 ]] ||
  fail "upload: $(cat "$scratch/answer")"
pass "uploads calc"
add() { call -H 'Content-Type: application/json' -d '{"args":[1,2]}' "$url/v1/plugins/calc/exports/add/invoke"; }
answer=$(add)
[[ $answer == '{"results":[3]}' ]] || fail "add: $answer"
pass "add gives 3"
podman exec "$name" dotnet PluginHost.Api.dll healthcheck || fail "the health check says unhealthy"
pass "the health check says healthy"
code=0
podman exec --env ASPNETCORE_URLS=http://127.0.0.1:1 "$name" dotnet PluginHost.Api.dll healthcheck >/dev/null 2>&1 || code=$?
((code == 1)) || fail "the health check of a port where nothing listens ends with $code"
pass "the health check notices a server that is not there"

podman stop --time 30 "$name" >/dev/null
code=$(podman inspect --format '{{.State.ExitCode}}' "$name")
((code == 0)) || fail "SIGTERM ended it with $code"
pass "SIGTERM ends it in order"
podman rm "$name" >/dev/null
run
answer=$(add)
[[ $answer == '{"results":[3]}' ]] || fail "add after a restart: $answer"
pass "a new container over the same volume still has the plugin"

say "image size: $(podman image inspect --format '{{.Size}}' localhost/pluginhost | awk '{ printf "%.0f MB", $1 / 1e6 }') on the stand-in"
say "container check: $passed passed"
