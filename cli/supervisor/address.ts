import type { Config } from "../../lib/config.ts";

/** Where to reach a listener of this machine: a wildcard address is no destination. */
export function dialAddress(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

/** The address that a person opens. */
export function addressOf(config: Pick<Config, "host" | "port">): string {
  const host = dialAddress(config.host);
  return `http://${host.includes(":") ? `[${host}]` : host}:${config.port}`;
}
