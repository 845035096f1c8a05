import type { Exit } from "@/lib/contract/terminal.ts";

/** CAN ends an escape sequence that may have been cut in two; then colours are set back. */
const afresh = "\x18\x1b[0m\r\n\x1b[2m";

/** Divides what this run has printed from what the next one will. */
export function endNotice(exit: Exit): string {
  return `${afresh}[ ended: ${describeExit(exit)} ]\x1b[0m\r\n`;
}

export function gapNotice(bytes: number): string {
  return `${afresh}[ ${bytes.toLocaleString("en-US")} bytes of output are not shown: they came faster than this page could read ]\x1b[0m\r\n`;
}

/** How it ended, in a few words. */
export function describeExit({ exitCode, signal, reason }: Exit): string {
  if (reason === "out-of-memory") return "out of memory";
  if (reason === "shim-died") return "lost: the process that looked after it died";
  if (reason === "host-rebooted") return "lost: the machine was restarted";
  return signal ? `killed by ${signal}` : `exit code ${exitCode}`;
}
