#!/usr/bin/env bash
# Install the Debian packages listed in a file (one a line, # comments), when something is missing.
# As root it installs them; otherwise it says which command to run.
set -euo pipefail
list=$1
mapfile -t wanted < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$list")
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
if [ "$(id -u)" -ne 0 ]; then
  echo "[setup] these Debian packages are missing: ${missing[*]}" >&2
  echo "[setup] ask an administrator to run: apt-get install ${missing[*]}" >&2
  exit 1
fi
echo "[setup] Debian packages: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
