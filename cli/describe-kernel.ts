import { formatCommand } from "../lib/contract/command.ts";
import { capabilitySets, type KernelView } from "../lib/contract/kernel.ts";
import { formatBytes } from "./format.ts";
import { type Column, tableOf } from "./print-table.ts";
import type { Style } from "./style.ts";
import { harmless, shorten } from "./text.ts";

/** A kernel view for people: a part after the other, each as a table or a few lines. */
export function describeKernel(view: KernelView, style: Style): string {
  const parts = [
    `${style.bold(view.name)}  ${view.state}, pid ${view.pid} on the host, read at ${view.at}`,
    namespacesOf(view, style),
    processesOf(view, style),
    controlGroupOf(view, style),
    capabilitiesOf(view, style),
    mountsOf(view, style),
    seccompOf(view, style),
    idMapsOf(view, style),
    networkOf(view, style),
    descriptorsOf(view, style),
    ...view.unread.map(({ part, call, errno, reason }) =>
      style.yellow(`${part} could not be read: ${call} = ${errno}, ${reason}`),
    ),
  ];
  return parts.filter((part) => part !== null).join("\n\n");
}

function section(title: string, note: string, style: Style, lines: string): string {
  return `${style.bold(title)}${note && style.dim(`  ${note}`)}\n${lines}`;
}

/** What was left out of a list that is longer than its bound. */
function leftOut(total: number, listed: number): string {
  return total > listed ? `the first ${listed} of ${total}` : String(total);
}

function namespacesOf({ namespaces }: KernelView, style: Style): string | null {
  if (!namespaces) return null;
  const columns: Column<(typeof namespaces)[number]>[] = [
    { heading: "KIND", cell: ({ kind }) => kind },
    { heading: "INODE", cell: ({ inode }) => inode ?? "-" },
    { heading: "HOST'S", cell: ({ hostInode }) => hostInode ?? "-" },
    { heading: "", cell: ({ own }, { green, yellow }) => (own ? green("own") : yellow("the host's")) },
  ];
  return section("Namespaces", "", style, tableOf(columns, namespaces, style));
}

function processesOf({ processes }: KernelView, style: Style): string | null {
  if (!processes) return null;
  const columns: Column<(typeof processes)["items"][number]>[] = [
    { heading: "PID", right: true, cell: ({ pid }) => String(pid) },
    { heading: "HOST PID", right: true, cell: ({ hostPid }) => String(hostPid) },
    { heading: "STATE", cell: ({ state }) => harmless(state) },
    { heading: "CPU s", right: true, cell: ({ cpuSeconds }) => cpuSeconds.toFixed(2) },
    { heading: "MEMORY", right: true, cell: ({ memoryBytes }) => formatBytes(memoryBytes) },
    {
      heading: "COMMAND",
      cell: ({ command, name }) => shorten(command.length > 0 ? formatCommand(command) : `[${name}]`, 60),
    },
  ];
  const note = leftOut(processes.total, processes.items.length);
  return section("Processes", note, style, tableOf(columns, processes.items, style));
}

function controlGroupOf({ controlGroup }: KernelView, style: Style): string | null {
  if (!controlGroup) return null;
  const { version, path, frozen, resources } = controlGroup;
  if (version === 0) return section("Control group", "", style, "This host has none.");
  const figure = (name: string, value: number | null) =>
    value === null
      ? "-"
      : name === "memory"
        ? formatBytes(value)
        : name === "cpu"
          ? `${(value / 1e9).toFixed(2)} s`
          : String(value);
  const columns: Column<(typeof resources)[number]>[] = [
    { heading: "RESOURCE", cell: ({ name }) => name },
    { heading: "USE", right: true, cell: ({ name, use }) => figure(name, use) },
    {
      heading: "LIMIT",
      right: true,
      cell: ({ name, limit }) => figure(name, limit) + (name === "cpu" && limit ? "/s" : ""),
    },
    {
      heading: "PRESSURE",
      right: true,
      cell: ({ pressure }) => (pressure?.some ? `${pressure.some.avg10.toFixed(1)} %` : "-"),
    },
    {
      heading: "COUNTS",
      cell: ({ counts }) =>
        Object.entries(counts)
          .map(([name, count]) => `${name} ${count}`)
          .join(", "),
    },
  ];
  const note = `version ${version}${frozen ? ", frozen" : ""}, ${path}`;
  return section("Control group", note, style, tableOf(columns, resources, style));
}

function capabilitiesOf({ capabilities }: KernelView, style: Style): string | null {
  if (!capabilities) return null;
  const lines = capabilitySets.map((set) => {
    const names = capabilities[set].map((name) => name.replace(/^CAP_/, "").toLowerCase());
    return `${style.dim(set.padEnd(11))}  ${names.join(" ") || "none"}`;
  });
  const note = capabilities.noNewPrivileges ? "no new privileges" : "";
  return section("Capabilities", note, style, lines.join("\n"));
}

function mountsOf({ mounts }: KernelView, style: Style): string | null {
  if (!mounts) return null;
  const columns: Column<(typeof mounts)["items"][number]>[] = [
    { heading: "ID", right: true, cell: ({ id }) => String(id) },
    { heading: "ON", right: true, cell: ({ parent }) => String(parent) },
    { heading: "PLACE", cell: ({ point }) => shorten(point, 48) },
    { heading: "TYPE", cell: ({ type }) => harmless(type) },
    { heading: "OPTIONS", cell: ({ options }) => harmless(options.join(",")) },
    { heading: "PROPAGATION", cell: ({ propagation }) => propagation.join(" ") || "private" },
    { heading: "BENEATH", right: true, cell: ({ coveredBy }) => String(coveredBy ?? "") },
  ];
  const overlays = mounts.items.flatMap(({ overlay }) =>
    overlay ? [`lower ${(overlay.lowerFolders ?? overlay.lower).join(":")}`, `upper ${overlay.upper || "none"}`] : [],
  );
  const lines = [tableOf(columns, mounts.items, style), ...overlays.map((line) => style.dim(harmless(line)))];
  return section("Mounts", leftOut(mounts.total, mounts.items.length), style, lines.join("\n"));
}

function seccompOf({ seccomp }: KernelView, style: Style): string | null {
  if (!seccomp) return null;
  const named = (wanted: (passes: boolean[]) => boolean) =>
    seccomp.calls
      .filter(({ answers }) => wanted(answers.map(({ action }) => action === "allow" || action === "log")))
      .map(({ name }) => name);
  const refused = named((passes) => !passes.some(Boolean));
  const depends = named((passes) => passes.some(Boolean) && !passes.every(Boolean));
  const allowed = seccomp.calls.length - refused.length - depends.length;
  const lines = [
    `${style.dim("allowed")}  ${allowed} calls`,
    `${style.dim("refused")}  ${refused.join(" ") || "none"}`,
    `${style.dim("depends")}  ${depends.join(" ") || "none"}`,
  ];
  const note =
    seccomp.mode === "filter" ? `${seccomp.filters} filters, ${seccomp.instructions} instructions` : seccomp.mode;
  return section(
    "Seccomp",
    note,
    style,
    seccomp.calls.length > 0 ? lines.join("\n") : "No filter of MiniRun's is installed.",
  );
}

function idMapsOf({ idMaps }: KernelView, style: Style): string | null {
  if (!idMaps) return null;
  const line = (what: string, ranges: readonly { inside: number; outside: number; count: number }[]) =>
    `${style.dim(what)}  ${ranges.map(({ inside, outside, count }) => `${inside} → ${outside} (${count})`).join(", ") || "none"}`;
  const lines = [line("users ", idMaps.uids), line("groups", idMaps.gids)];
  return section("Id maps", `setgroups ${idMaps.setgroups ? "allowed" : "denied"}`, style, lines.join("\n"));
}

function networkOf({ network }: KernelView, style: Style): string | null {
  if (!network) return null;
  const interfaces = network.interfaces.map(({ name, up, addresses }) => {
    const own = addresses.map(({ address, prefix }) => `${address}/${prefix}`).join(" ");
    return `${harmless(name).padEnd(15)}  ${up ? "up  " : "down"}  ${own}`;
  });
  const routes = network.routes.map(({ destination, gateway, interface: device }) =>
    style.dim(`${destination}${gateway ? ` via ${gateway}` : ""} on ${harmless(device)}`),
  );
  const note = leftOut(network.totalInterfaces, network.interfaces.length);
  return section("Network", note, style, [...interfaces, ...routes].join("\n"));
}

function descriptorsOf({ descriptors }: KernelView, style: Style): string | null {
  if (!descriptors) return null;
  const lines = descriptors.processes.flatMap(({ pid, name, items }) => [
    style.dim(`${pid} ${harmless(name)}`),
    ...items.map(({ number, target, access }) => `${String(number).padStart(4)}  ${access}  ${shorten(target, 80)}`),
  ]);
  const listed = descriptors.processes.reduce((sum, { items }) => sum + items.length, 0);
  return section("Descriptors", leftOut(descriptors.total, listed), style, lines.join("\n"));
}
