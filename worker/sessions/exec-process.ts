import * as z from "zod";
import type { CreateSession } from "../../lib/contract/session.ts";
import type { User } from "../engine/resolve-user.ts";

export type ExecOptions = Extract<CreateSession, { mode: "exec" }>;

/** What of a bundle's config.json the container's own process and further ones have in common. */
export const BundleProcess = z.looseObject({
  process: z.looseObject({
    env: z.array(z.string()),
    cwd: z.string(),
    user: z.looseObject({ uid: z.int(), gid: z.int() }),
    capabilities: z.looseObject({ bounding: z.array(z.string()) }),
  }),
});

/**
 * OCI's process object for a further command in a container: what the container's own process was given, but for what
 * was asked for. Another user than root gets no capabilities, as after a change of user by setuid (capabilities(7)).
 */
export function makeExecProcess(
  { process }: z.infer<typeof BundleProcess>,
  { env, workingDir, tty, cols, rows }: ExecOptions,
  command: readonly string[],
  user: User | null,
) {
  const uid = user?.uid ?? process.user.uid;
  const { bounding } = process.capabilities;
  const granted = uid === 0 ? bounding : [];
  return {
    ...process,
    terminal: tty,
    consoleSize: { width: cols, height: rows },
    args: command,
    env: merge(process.env, {
      ...(tty && { TERM: "xterm-256color" }),
      ...(user?.home && { HOME: user.home }),
      ...env,
    }),
    cwd: workingDir ?? process.cwd,
    ...(user && { user: { uid: user.uid, gid: user.gid, additionalGids: user.additionalGids } }),
    capabilities: { bounding, effective: granted, permitted: granted, inheritable: [], ambient: [] },
  };
}

function merge(base: readonly string[], changes: Record<string, string>): string[] {
  const names = new Set(Object.keys(changes));
  const kept = base.filter((entry) => !names.has(entry.slice(0, entry.indexOf("="))));
  return [...kept, ...Object.entries(changes).map(([name, value]) => `${name}=${value}`)];
}
