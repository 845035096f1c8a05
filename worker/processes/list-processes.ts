import { uptime } from "node:os";
import type { ProcessInfo, ProcessList } from "../../lib/contract/stats.ts";
import { type Context, cgroupPath } from "../context.ts";
import { toContainerId } from "../engine/container-ids.ts";
import { firstProcess, withRoot } from "../files/container-root.ts";
import { openFile } from "../files/read-file.ts";
import { notRunning } from "../operations/outcome.ts";
import type { ContainerRecord } from "../state/record.ts";

const maxListed = 2_000;
const maxPasswdBytes = 1024 * 1024;

/** The processes of a container; their texts are as the processes wrote them. Throws container-not-running. */
export async function listProcesses(context: Context, record: ContainerRecord): Promise<ProcessList> {
  if (!firstProcess(context, record)) throw notRunning(record);
  const [{ processes, total }, users] = await Promise.all([
    context.addon.cgroupProcesses(cgroupPath(context, record.id), maxListed),
    readUsers(context, record.id),
  ]);
  const now = Date.now();
  const bootMs = now - uptime() * 1000;
  const inside = new Map(processes.map(({ hostPid, pid }) => [hostPid, pid]));
  const items = processes.map((process): ProcessInfo => {
    const uid = toContainerId(record.idRange, process.uid);
    return {
      pid: process.pid,
      hostPid: process.hostPid,
      parentPid: inside.get(process.hostParentPid) ?? 0,
      uid,
      user: users.get(uid) ?? null,
      state: process.state,
      name: process.name,
      command: process.command,
      threads: process.threads,
      cpuSeconds: process.cpuSeconds,
      memoryBytes: process.residentBytes,
      startedAt: new Date(bootMs + process.startedSeconds * 1000).toISOString(),
    };
  });
  return { at: new Date(now).toISOString(), total, items };
}

/** Names of users by their number, from the container's /etc/passwd; none when that can't be read. */
async function readUsers(context: Context, id: string): Promise<Map<number, string>> {
  const read = withRoot(context, id, "read", async (root) => {
    const { file } = await openFile(context.addon, root, "/etc/passwd");
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxPasswdBytes), 0, maxPasswdBytes, 0);
      return parseUsers(buffer.subarray(0, bytesRead).toString());
    } finally {
      await file.close();
    }
  });
  return read.catch(() => new Map());
}

/** passwd(5): the first line with a number names it. */
export function parseUsers(text: string): Map<number, string> {
  const users = new Map<number, string>();
  for (const line of text.split("\n")) {
    const [name, , uid] = line.split(":");
    if (name && uid && /^\d{1,10}$/.test(uid) && !users.has(Number(uid))) users.set(Number(uid), name);
  }
  return users;
}
