import { BlockList, isIP } from "node:net";
import type { Called, Caller } from "./callers.ts";

/** Reads who calls, by X-Forwarded-For, -Proto and -Host where the peer is one of the proxies. */
export interface ProxyTrust {
  read(request: Called): Caller;
}

/** `proxies` are addresses and networks in CIDR notation. Throws an Error that names one that is neither. */
export function createProxyTrust(proxies: readonly string[]): ProxyTrust {
  const list = new BlockList();
  for (const proxy of proxies) add(list, proxy);
  const isTrusted = (address: string) => {
    const family = isIP(address);
    return family !== 0 && list.check(address, family === 6 ? "ipv6" : "ipv4");
  };
  return {
    read({ headers, socket }) {
      const peer = plain(socket.remoteAddress ?? "");
      const own = {
        remote: peer,
        secure: socket.encrypted === true,
        host: headers.host?.toLowerCase() ?? "",
        proxied: false,
        local: isLoopback(peer) || peer === plain(socket.localAddress ?? ""),
      };
      const chain = values(headers["x-forwarded-for"]);
      if (chain.length === 0 || !isTrusted(peer)) return own;
      const protocol = values(headers["x-forwarded-proto"]).at(-1);
      const host = values(headers["x-forwarded-host"]).at(-1);
      return {
        remote: clientOf(chain, isTrusted, peer),
        secure: protocol === undefined ? own.secure : protocol.toLowerCase() === "https",
        host: host?.toLowerCase() ?? own.host,
        proxied: true,
        local: false,
      };
    },
  };
}

/** The last address of the chain that no trusted proxy has; what stands before it anyone may have written. */
function clientOf(chain: readonly string[], isTrusted: (address: string) => boolean, peer: string): string {
  let client = peer;
  for (const text of [...chain].reverse()) {
    const address = plain(text);
    if (isIP(address) === 0) break;
    client = address;
    if (!isTrusted(address)) break;
  }
  return client;
}

function add(list: BlockList, proxy: string): void {
  const [address = "", prefix] = proxy.split("/");
  const family = isIP(address);
  if (family === 0) {
    throw new Error(
      `MINIRUN_TRUSTED_PROXIES: ${JSON.stringify(proxy)} is neither an address nor a network (10.0.0.0/24)`,
    );
  }
  const type = family === 6 ? "ipv6" : "ipv4";
  if (prefix === undefined) list.addAddress(address, type);
  else list.addSubnet(address, Number(prefix), type);
}

/** Every value of a header that may come several times, or with commas. */
function values(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((text) => text.split(","))
    .map((text) => text.trim())
    .filter((text) => text !== "");
}

/** An IPv4 address as itself, where a socket of both families shows it as ::ffff:10.0.0.1. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}
