#!/usr/bin/env bash
# Makes a local certificate authority and a server certificate for MiniRun.
#   scripts/generate-certificates.sh [--out FOLDER] [--days N] [NAME or ADDRESS...]
# NAMEs go beside localhost, 127.0.0.1, ::1 and this machine's own name. FOLDER is /var/lib/minirun/certs unless MINIRUN_HOME
# says otherwise. An authority that is there signs again; a running MiniRun takes the new pair into use by itself.
set -euo pipefail
umask 077

usage() { sed -n '3,5s/^# \{0,1\}//p' "$0"; }
fail() { printf 'generate-certificates: %s\n' "$*" >&2; exit 1; }

out=${MINIRUN_HOME:-/var/lib/minirun}/certs
days=397 # the most that browsers take
names=(localhost 127.0.0.1 ::1 "$(hostname)")
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=${2:?--out needs a folder}; shift 2 ;;
    --days) days=${2:?--days needs a number}; shift 2 ;;
    -h | --help) usage; exit 0 ;;
    -*) usage >&2; fail "unknown option $1" ;;
    *) names+=("$1"); shift ;;
  esac
done
command -v openssl >/dev/null || fail "openssl is missing: apt-get install openssl"
[[ $days =~ ^[1-9][0-9]*$ ]] || fail "--days must be a number, not '$days'"

# One entry of subjectAltName each, addresses as such.
alternatives=()
for name in "${names[@]}"; do
  if [[ $name =~ ^[0-9.]+$ || $name == *:* ]]; then
    alternatives+=("IP:$name")
  elif [[ $name =~ ^(\*\.)?[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$ ]]; then
    alternatives+=("DNS:$name")
  else
    fail "'$name' is neither a host name nor an address"
  fi
done
san=$(IFS=,; echo "${alternatives[*]}")

mkdir -p "$out"
work=$(mktemp -d "$out/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

if [ ! -e "$out/ca.key" ]; then
  new_key "$work/ca.key"
  openssl req -x509 -new -sha256 -key "$work/ca.key" -days 3650 -out "$work/ca.crt" \
    -subj "/O=MiniRun/CN=MiniRun local authority of $(hostname)" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
  mv "$work/ca.crt" "$out/ca.crt"
  mv "$work/ca.key" "$out/ca.key"
fi

new_key "$work/server.key"
openssl req -new -sha256 -key "$work/server.key" -out "$work/server.csr" -subj "/O=MiniRun/CN=$(hostname)"
cat >"$work/extensions" <<END
basicConstraints=critical,CA:FALSE
keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
subjectAltName=$san
END
openssl x509 -req -sha256 -in "$work/server.csr" -CA "$out/ca.crt" -CAkey "$out/ca.key" -set_serial "0x$(openssl rand -hex 16)" \
  -days "$days" -extfile "$work/extensions" -out "$work/server.crt" 2>"$work/log" || fail "openssl: $(cat "$work/log")"
openssl verify -CAfile "$out/ca.crt" "$work/server.crt" >/dev/null || fail "the new certificate does not verify"
mv "$work/server.key" "$out/server.key"
mv "$work/server.crt" "$out/server.crt"
chmod 644 "$out/ca.crt" "$out/server.crt"

printf 'Certificate: %s/server.crt, for %s, until %s\n' "$out" "$san" "$(openssl x509 -noout -enddate -in "$out/server.crt" | cut -d= -f2)"
printf 'Trust %s/ca.crt where browsers and programs run, as in: curl --cacert %s/ca.crt https://localhost:8443/health\n' "$out" "$out"
