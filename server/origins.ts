import { hostname, networkInterfaces } from "node:os";
import { type Problem, problem } from "../lib/contract/problem.ts";

const wildcard = new Set(["0.0.0.0", "::", "[::]"]);

/**
 * The values of `Host` that this server answers to. Any other name that leads here may belong to a page that
 * rebinds its own name to our address, and would then read the answers as its own.
 */
export function allowedHosts(host: string, port: number): ReadonlySet<string> {
  const names = ["localhost", "127.0.0.1", "::1", ...(wildcard.has(host) ? ownNames() : [host])];
  const bracketed = names.map((name) =>
    name.includes(":") && !name.startsWith("[") ? `[${name}]` : name.toLowerCase(),
  );
  const withPort = bracketed.map((name) => `${name}:${port}`);
  return new Set(port === 80 ? [...withPort, ...bracketed] : withPort);
}

function ownNames(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  return [hostname(), ...addresses];
}

interface Caller {
  method?: string | undefined;
  headers: { host?: string | undefined; origin?: string | undefined; upgrade?: string | undefined };
}

/** Refuses a request that was made for another host, or that another site's page makes a browser send. */
export function checkCaller({ method, headers }: Caller, hosts: ReadonlySet<string>): Problem | null {
  const host = headers.host?.toLowerCase() ?? "";
  if (!hosts.has(host)) {
    const title = "This server does not answer to that name";
    return problem("foreign-host", title, `the request was made for the host ${quote(host)}`, {
      remedy: `Use one of ${[...hosts].join(", ")}, or set MINIRUN_HOST.`,
    });
  }
  const { origin } = headers;
  const changes = headers.upgrade !== undefined || (method !== "GET" && method !== "HEAD");
  if (origin === undefined || !changes || isAllowedOrigin(origin, hosts)) return null;
  return problem(
    "foreign-origin",
    "Another site may not do that",
    `the request comes from the origin ${quote(origin)}`,
    {
      remedy: "Do it from MiniRun's own pages, or without a browser and with the token.",
    },
  );
}

function isAllowedOrigin(origin: string, hosts: ReadonlySet<string>): boolean {
  const match = /^http:\/\/([^/]+)$/i.exec(origin);
  return match?.[1] !== undefined && hosts.has(match[1].toLowerCase());
}

function quote(value: string): string {
  return JSON.stringify(value.slice(0, 200));
}
