#!/usr/bin/env bash
# Builds the Dockerfile and runs the image as docs/container.md says, on a machine without a container engine.
#
# Needs root on Linux with a Debian mirror and a package registry in reach, and the Debian packages
# buildah, debootstrap, curl and iproute2. Takes about two minutes, leaves nothing behind, talks to loopback only.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
PORT=8123    # not the image's own: the settings, and the health check with them, must follow the environment
say() { printf '\n== %s\n' "$*"; }
passed() { printf 'ok: %s\n' "$*"; }
fail() { printf 'FAILED: %s\n' "$*" >&2; [ ! -f "$work/log" ] || cat "$work/log" >&2; exit 1; }

for tool in buildah debootstrap curl ip setpriv nsenter unshare; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install buildah debootstrap curl iproute2" >&2; exit 2; }
done
[ "$(id -u)" = 0 ] || { echo 'needs root' >&2; exit 2; }

work=$(mktemp -d)
runner=
clean() {
  # --kill-child: with unshare goes all that runs in its namespaces, and with them their mounts.
  [ -z "$runner" ] || { kill -KILL "$runner" && wait "$runner"; } 2>/dev/null || true
  rm -rf --one-file-system "$work"
}
trap clean EXIT
# A store of its own: no engine's images are touched. vfs is plain folders, which works inside a sandbox too.
store() { buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs "$@"; }

say 'a base image, made of Debian packages'
suite=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
# The mirror that this machine uses already; debootstrap has a default of its own.
# shellcheck disable=SC2016 # $(SITE) is apt-get's own
mirror=$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 2>/dev/null | sed -n 1p || true)
timeout 600 debootstrap --variant=minbase --include=python3,python3-venv,ca-certificates \
  "${suite:-bookworm}" "$work/base" ${mirror:+"$mirror"} >"$work/log" 2>&1 || fail 'debootstrap'
rm -rf "$work"/base/var/cache/apt/archives/*.deb "$work"/base/var/lib/apt/lists/*
container=$(store from scratch)
store copy -q "$container" "$work/base" / >/dev/null
store commit -q "$container" localhost/base >/dev/null
store rm "$container" >/dev/null
passed "$(chroot "$work/base" python3 --version) on Debian ${suite:-bookworm}"

say 'the image'
# pip inside the build reaches the registry as pip outside does: same settings, same certificates, in no layer.
setting() { local name=PIP_${1^^}; name=${name//-/_}; echo "${!name:-$(python3 -m pip config get "global.$1" 2>/dev/null || true)}"; }
echo '[global]' >"$work/pip.conf"
for name in index-url trusted-host proxy timeout; do
  value=$(setting "$name"); [ -z "$value" ] || echo "$name = $value" >>"$work/pip.conf"
done
mounts=(--volume "$work/pip.conf:/etc/pip.conf:ro")
certificates=$(setting cert)
if [ -f "$certificates" ]; then
  echo 'cert = /run/certificates' >>"$work/pip.conf"
  mounts+=(--volume "$certificates:/run/certificates:ro")
fi
# The docker format, because OCI's has no HEALTHCHECK.
timeout 600 buildah --root "$work/store" --runroot "$work/run" --storage-driver vfs bud --isolation chroot --format docker \
  --pull-never --layers=false --build-arg BASE=localhost/base "${mounts[@]}" --tag localhost/nabla . >"$work/log" 2>&1 || fail 'build'
store images --format '{{.Name}} {{.Size}}'
root=$(store mount "$(store from --pull-never localhost/nabla)")
passed "built; $(du -sh "$root/opt/nabla" | cut -f1) of it is /opt/nabla"
python3 -c 'import json, sys; print(len(json.load(sys.stdin)["components"]), "components in its bill of materials")' \
  <"$root/opt/nabla/sbom.cdx.json"

# What an engine would read from the image: user, environment, the commands.
uid='' gid='' environment=() command=() health=()
eval "$(store inspect --type image localhost/nabla | python3 -c '
import json, shlex, sys
config = json.load(sys.stdin)["Docker"]["config"]
uid, gid = config["User"].split(":")
arrays = {"environment": config["Env"], "command": config["Entrypoint"] + config["Cmd"], "health": config["Healthcheck"]["Test"][1:]}
print(f"uid={uid} gid={gid}", *(f"{name}=({shlex.join(words)})" for name, words in arrays.items()))')"
environment+=("NABLA_PORT=$PORT" NABLA_WORKERS=2)
[ "$uid" != 0 ] || fail 'the image runs as root'

say "serving: ${command[*]}"
drop=(setpriv --reuid "$uid" --regid "$gid" --clear-groups --inh-caps=-all --bounding-set=-all --no-new-privs)
# Namespaces of its own for mounts, processes and network (loopback alone is up: no egress); the root read-only, and
# of writable places only /dev/shm, as with `docker run --read-only`.
cat >"$work/start" <<'START'
set -eu
root=$1; shift
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  : >"$root/dev/$device"; mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/shm"; mount -t tmpfs -o mode=1777,size=64m tmpfs "$root/dev/shm"
mount -o remount,ro "$root/dev"
mount -o remount,bind,ro "$root"
ip link set lo up
exec chroot "$root" "$@"
START
unshare --mount --net --ipc --uts --pid --fork --kill-child sh "$work/start" "$root" \
  "${drop[@]}" env -i "${environment[@]}" "${command[@]}" >"$work/log" 2>&1 </dev/null &
runner=$!
started=$SECONDS
until service=$(pgrep -P "$runner") && nsenter --target "$service" --net \
  curl -fsS --max-time 2 -o "$work/health" "http://127.0.0.1:$PORT/healthz" 2>/dev/null; do
  kill -0 "$runner" 2>/dev/null || fail 'the server ended'
  [ $((SECONDS - started)) -lt 30 ] || fail 'no answer within 30 s'
  sleep 0.2
done
passed "/healthz answers after $((SECONDS - started)) s: $(head -c 200 "$work/health")"

inside() { nsenter --target "$service" --mount --net --pid --root --wd "${drop[@]}" env -i "${environment[@]}" "$@"; }
inside "${health[@]}" && passed 'HEALTHCHECK'

answer=$(nsenter --target "$service" --net curl -fsS --max-time 10 -H 'Content-Type: application/json' \
  -d '{"expression": "x**2", "inputs": {"x": 3}}' "http://127.0.0.1:$PORT/v1/gradient") || fail 'POST /v1/gradient'
python3 -c 'import json, sys; assert json.loads(sys.argv[1])["gradients"] == {"x": 6.0}' "$answer" || fail "$answer"
passed "the gradient of x**2 at 3: $answer"
for page in docs redoc openapi.json; do
  nsenter --target "$service" --net curl -fsS --max-time 5 -o /dev/null "http://127.0.0.1:$PORT/$page" || fail "GET /$page"
done
passed '/docs, /redoc and /openapi.json without a network'

# Every process of the service, seen from outside.
for process in "$service" $(pgrep --ns "$service" --nslist pid . | grep -vx "$service" || true); do
  grep -qP "^Uid:\t$uid\t$uid\t$uid\t$uid$" "/proc/$process/status" || fail "process $process: not user $uid"
  grep -q '^NoNewPrivs:.1$' "/proc/$process/status" || fail "process $process: may gain privileges"
  ! grep -P '^Cap(Inh|Prm|Eff|Bnd|Amb):\t0*[1-9a-f]' "/proc/$process/status" || fail "process $process: has capabilities"
done
passed "$(pgrep -c --ns "$service" --nslist pid .) processes: user $uid, no capabilities, no new privileges"
for place in / /tmp /opt/nabla /var/tmp; do
  ! inside sh -c "touch $place/probe" 2>/dev/null || fail "$place can be written"
done
# The one above fails for a plain user too; this shows that root itself could not.
! nsenter --target "$service" --mount --root touch /probe 2>/dev/null || fail 'the root filesystem is writable'
passed 'the root filesystem is read-only'

say 'stopping'
started=$SECONDS
kill -TERM "$service"
(sleep 30; kill -KILL "$runner") 2>/dev/null & watchdog=$!
code=0; wait "$runner" || code=$?
runner=
kill "$watchdog" 2>/dev/null || true
[ "$code" = 0 ] || fail "SIGTERM: exit code $code"
passed "SIGTERM: exit code 0 after $((SECONDS - started)) s"
say 'all passed'
