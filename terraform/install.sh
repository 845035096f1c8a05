#!/usr/bin/env bash
# Installs a release of MiniRun on a new Debian machine in AWS. Runs as root at the first boot, after the assignments of
# user-data.sh.tftpl; what it says is in /var/log/cloud-init-output.log, and what MiniRun says in `journalctl -u minirun`.
set -euo pipefail

say() { printf 'minirun install: %s\n' "$*"; }

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install -y --no-install-recommends awscli ca-certificates curl nftables
}

# Other users than root, and those of containers, get no credentials of the machine's role, also by the host's network.
guard_metadata() {
  cat >/etc/nftables.conf <<'RULES'
#!/usr/sbin/nft -f
flush ruleset
table inet minirun_metadata {
  chain output {
    type filter hook output priority filter; policy accept;
    ip daddr 169.254.169.254 meta skuid != 0 reject
  }
}
RULES
  systemctl enable nftables
  systemctl restart nftables
}

# Session Manager's agent, from AWS's bucket of this region; Debian does not package it.
install_agent() {
  local folder=$1
  curl --fail --silent --show-error --location --retry 5 --proto '=https' --output "$folder/agent.deb" \
    "https://s3.$REGION.amazonaws.com/amazon-ssm-$REGION/latest/debian_amd64/amazon-ssm-agent.deb"
  dpkg --install "$folder/agent.deb"
  systemctl enable --now amazon-ssm-agent
}

# Prints the folder of the sources: the tarball is unpacked only when its checksum is the expected one.
unpack_release() {
  local tarball=$1/release.tar.gz target
  target=/opt/minirun/source/$(basename "$RELEASE_KEY" .tar.gz)
  aws s3 cp --region "$REGION" --only-show-errors "s3://$RELEASE_BUCKET/$RELEASE_KEY" "$tarball" >&2
  sha256sum --check --strict --quiet <<<"$RELEASE_SHA256  $tarball" >&2
  mkdir -p "$target"
  tar --extract --gzip --file "$tarball" --directory "$target" --strip-components 1 --no-same-owner
  echo "$target"
}

write_settings() {
  local url
  install -d -m 0755 /etc/minirun /opt/minirun /opt/minirun/etc
  curl --fail --silent --show-error --retry 5 --proto '=https' --output "$DATABASE_AUTHORITY" \
    "https://truststore.pki.rds.amazonaws.com/$REGION/$REGION-bundle.pem"
  # The web process connects, too.
  chmod 0644 "$DATABASE_AUTHORITY"
  url=$(aws ssm get-parameter --region "$REGION" --name "$DATABASE_URL_PARAMETER" --with-decryption \
    --query Parameter.Value --output text)
  (
    umask 077
    cat >/opt/minirun/etc/minirun.env <<SETTINGS
MINIRUN_HOST=0.0.0.0
MINIRUN_PORT=$MINIRUN_PORT
MINIRUN_NAMES=$MINIRUN_NAMES
MINIRUN_TRUSTED_PROXIES=$MINIRUN_TRUSTED_PROXIES
DATABASE_URL=$url
SETTINGS
  )
}

main() {
  local folder source
  folder=$(mktemp --directory)
  install_packages
  guard_metadata
  install_agent "$folder"
  source=$(unpack_release "$folder")
  write_settings
  export HOME=/root # npm keeps its cache there, and cloud-init names none
  # Builds, checks, installs systemd's unit and starts it; ends when /health answers.
  "$source/scripts/deploy.sh" --prefix /opt/minirun --service
  ln --symbolic --force /opt/minirun/bin/minirun /usr/local/bin/minirun
  rm --recursive --one-file-system "$folder"
  say "the release of $source serves"
}

main
