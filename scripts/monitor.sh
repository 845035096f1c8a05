#!/usr/bin/env bash
# Watches the machine and its containers: `minirun monitor`, with whatever options it is given.
#
#   scripts/monitor.sh                                refreshing table, until Ctrl-C
#   scripts/monitor.sh --json --count 10              ten JSON lines
#   scripts/monitor.sh --csv --interval 5 web         comma-separated values
#   scripts/monitor.sh --prometheus                   metrics, once
#   scripts/monitor.sh --max-cpu 80 --max-memory 90   ends with exit code 3 when one is passed
#
# Another MiniRun than this machine's: MINIRUN_URL and MINIRUN_TOKEN.
set -euo pipefail
exec "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../minirun" monitor "$@"
