import type { IncomingHttpHeaders } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import type { Config } from "../lib/config.ts";
import { type Problem, problem } from "../lib/contract/problem.ts";
import { createProxyTrust } from "./proxy-trust.ts";
import type { TlsState } from "./tls-state.ts";

/** Where a request comes from, and by which address: what a trusted proxy says, else what the connection shows. */
export interface Caller {
  /** The client's address. */
  remote: string;
  /** Whether the client came by TLS, here or at the proxy. */
  secure: boolean;
  /** Name and, unless it is the scheme's own, port that the client used; in lower case. */
  host: string;
  /** A trusted proxy passed the request on. */
  proxied: boolean;
  /** The connection did not leave this machine, and no proxy passed it on. */
  local: boolean;
}

/** The parts of a request that say who calls. */
export interface Called {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
  socket: { remoteAddress?: string | undefined; localAddress?: string | undefined; encrypted?: boolean };
}

/** Knows callers, and whom this server does not answer. */
export interface Callers {
  read(request: Called): Caller;
  /** Refuses a request that was made for another host, or that another site's page makes a browser send. */
  refuse(caller: Caller, request: Called): Problem | null;
}

type Settings = Pick<Config, "host" | "port" | "names" | "corsOrigins" | "trustedProxies">;

const wildcard = new Set(["0.0.0.0", "::", "[::]"]);

/** By the settings, and by the names that the certificate in use was made for. */
export function createCallers(config: Settings, tls: TlsState): Callers {
  const trust = createProxyTrust(config.trustedProxies);
  const own = new Set(ownNames(config).map(bracketed));
  const isOwnName = (name: string) =>
    own.has(name) || (tls.certificate?.names.some((one) => bracketed(one) === name) ?? false);
  const ports = new Set([config.port, tls.port]);
  const origins = new Set(config.corsOrigins.map((origin) => origin.toLowerCase()));

  /** Any other name that leads here may belong to a page that rebinds its own name to our address. */
  const isOwnHost = ({ host, secure, proxied }: Caller) => {
    const [, name = "", port] = /^(\[[\da-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/.exec(host) ?? [];
    return isOwnName(name) && (proxied || ports.has(Number(port ?? (secure ? 443 : 80))));
  };

  return {
    read: (request) => trust.read(request),
    refuse(caller, { method, headers }) {
      if (!isOwnHost(caller)) return foreignHost(caller.host, [...own], config.port);
      const origin = headers.origin?.toLowerCase();
      const changes = headers.upgrade !== undefined || (method !== "GET" && method !== "HEAD");
      if (origin === undefined || !changes || origin === originOf(caller) || origins.has(origin)) return null;
      return foreignOrigin(origin, caller);
    },
  };
}

/** The origin by which the client reaches this server. */
export function originOf({ secure, host }: Pick<Caller, "secure" | "host">): string {
  return `${secure ? "https" : "http"}://${host}`;
}

function ownNames({ host, names }: Settings): string[] {
  const loopback = ["localhost", "127.0.0.1", "::1"];
  if (!wildcard.has(host)) return [...loopback, host, ...names];
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  return [...loopback, hostname(), ...addresses, ...names];
}

function bracketed(name: string): string {
  return name.includes(":") && !name.startsWith("[") ? `[${name.toLowerCase()}]` : name.toLowerCase();
}

function foreignHost(host: string, names: string[], port: number): Problem {
  const title = "This server does not answer to that name";
  return problem("foreign-host", title, `the request was made for the host ${quote(host)}`, {
    remedy: `Use port ${port} of ${names.join(", ")}; or name it in MINIRUN_NAMES and, for a proxy's, that proxy in MINIRUN_TRUSTED_PROXIES.`,
  });
}

function foreignOrigin(origin: string, caller: Caller): Problem {
  const title = "Another site may not do that";
  const detail = `the request comes from the origin ${quote(origin)}, and this is ${quote(originOf(caller))}`;
  return problem("foreign-origin", title, detail, {
    remedy:
      "Do it from MiniRun's own pages, or without a browser and with the token; or list that origin in MINIRUN_CORS_ORIGINS. Behind a proxy set MINIRUN_TRUSTED_PROXIES.",
  });
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, 200));
}
