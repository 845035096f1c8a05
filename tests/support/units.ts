import { readFileSync } from "node:fs";
import { join } from "node:path";
import { findUser } from "../../cli/supervisor/system-users.ts";
import { projectRoot } from "./instance.ts";

/** A unit file's settings, in order; one that is there several times has several values (systemd.syntax(7)). */
export type Unit = ReadonlyMap<string, readonly string[]>;

export function readUnit(name: string): Unit {
  const unit = new Map<string, string[]>();
  for (const line of readFileSync(join(projectRoot, "systemd", name), "utf8").split("\n")) {
    const [, key = "", value = ""] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? [];
    if (key) unit.set(key, [...(unit.get(key) ?? []), value]);
  }
  return unit;
}

/** What `Environment=` sets. */
export function environmentOf(unit: Unit): NodeJS.ProcessEnv {
  const words = (unit.get("Environment") ?? []).flatMap((line) => line.split(" "));
  return Object.fromEntries(words.map((word) => [word.split("=", 1)[0], word.slice(word.indexOf("=") + 1)]));
}

/** The capabilities of `CapabilityBoundingSet=`, as setpriv(1) names them. */
export function boundingSet(unit: Unit): string[] {
  const names = (unit.get("CapabilityBoundingSet") ?? []).flatMap((line) => line.split(" ")).filter(Boolean);
  return names.map((name) => name.replace("CAP_", "").toLowerCase()).sort();
}

/**
 * The command by which setpriv(1) gives a process what the unit says of its user, its capabilities and new privileges.
 * `user` takes the place of the unit's own. Namespaces and system call filters are systemd's, and not here.
 */
export function setpriv(unit: Unit, user: string | null): string[] {
  const bounds = boundingSet(unit).map((name) => `+${name}`);
  const found = user === null ? null : findUser(user);
  if (user !== null && !found) throw new Error(`there is no user ${user}`);
  return [
    "setpriv",
    `--bounding-set=${["-all", ...bounds].join(",")}`,
    ...(found ? [`--reuid=${found.uid}`, `--regid=${found.gid}`, "--clear-groups", "--inh-caps=-all"] : []),
    ...(unit.get("NoNewPrivileges")?.includes("yes") ? ["--no-new-privs"] : []),
    "--",
  ];
}
