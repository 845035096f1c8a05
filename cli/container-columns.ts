import { formatCommand } from "../lib/contract/command.ts";
import type { Container } from "../lib/contract/container.ts";
import { describeState } from "./describe-state.ts";
import { formatAge, formatBytes } from "./format.ts";
import type { Column } from "./print-table.ts";
import { harmless, shorten } from "./text.ts";

/** What lists of containers can show, by the name that --format takes. */
export const containerColumns = {
  name: { heading: "NAME", cell: ({ name }, style) => style.bold(name) },
  id: { heading: "ID", cell: ({ id }) => id },
  state: { heading: "STATE", cell: describeState },
  command: { heading: "COMMAND", cell: ({ command }) => shorten(formatCommand(command), 40) },
  "full-command": { heading: "COMMAND", cell: ({ command }) => harmless(formatCommand(command)) },
  image: { heading: "IMAGE", cell: ({ image }) => harmless(image) },
  memory: { heading: "MEMORY", right: true, cell: ({ limits }) => formatBytes(limits.memoryBytes) },
  cpus: { heading: "CPUS", right: true, cell: ({ limits }) => String(limits.cpus) },
  pids: { heading: "PIDS", right: true, cell: ({ limits }) => String(limits.pids) },
  age: { heading: "AGE", right: true, cell: ({ createdAt }) => formatAge(createdAt) },
  created: { heading: "CREATED", cell: ({ createdAt }) => createdAt },
  started: { heading: "STARTED", cell: ({ startedAt }) => startedAt ?? "-" },
  finished: { heading: "FINISHED", cell: ({ finishedAt }) => finishedAt ?? "-" },
  exit: { heading: "EXIT", right: true, cell: ({ exitCode }) => String(exitCode ?? "-") },
  pid: { heading: "PID", right: true, cell: ({ pid }) => String(pid ?? "-") },
  user: { heading: "USER", cell: ({ user }) => harmless(user) },
  hostname: { heading: "HOSTNAME", cell: ({ hostname }) => harmless(hostname) },
  network: { heading: "NETWORK", cell: ({ network }) => network },
  userns: { heading: "USERNS", cell: ({ idRange }) => (idRange ? `own, from ${idRange.start}` : "host") },
  restart: { heading: "RESTART", cell: ({ restart }) => restart },
  restarts: { heading: "RESTARTS", right: true, cell: ({ restartCount }) => String(restartCount) },
  node: { heading: "NODE", cell: ({ node }) => harmless(node) },
  labels: {
    heading: "LABELS",
    cell: ({ labels }) =>
      harmless(
        Object.entries(labels)
          .map(([name, value]) => `${name}=${value}`)
          .join(","),
      ) || "-",
  },
} as const satisfies Record<string, Column<Container>>;

export type ContainerColumn = keyof typeof containerColumns;

export const usualColumns = ["name", "state", "command", "image", "memory", "cpus", "pids", "age"] as const;

export function isContainerColumn(name: string): name is ContainerColumn {
  return Object.hasOwn(containerColumns, name);
}
