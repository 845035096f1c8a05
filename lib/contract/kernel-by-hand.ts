import type { KernelPart, KernelView } from "./kernel.ts";

/** A command for a root shell on the host, and what it shows. */
export interface HandCommand {
  command: string;
  shows: string;
}

type Subject = Pick<KernelView, "pid" | "controlGroup">;

/** How each part of a kernel view is seen without this product: commands with the container's own pid and paths. */
export function byHand(part: KernelPart, view: Subject): HandCommand[] {
  return commands[part](`/proc/${view.pid}`, view);
}

const commands: Record<KernelPart, (proc: string, view: Subject) => HandCommand[]> = {
  namespaces: (proc) => [
    { command: `readlink ${proc}/ns/*`, shows: "the container's namespaces, with their inodes" },
    { command: "readlink /proc/self/ns/*", shows: "your shell's: the same inode is the same namespace" },
  ],
  processes: (proc, { pid }) => [
    {
      command: `ps -o pid,ppid,stat,time,rss,args -p "$(pgrep -d, --ns ${pid} --nslist pid)"`,
      shows: "every process of its pid namespace, as the host counts",
    },
    { command: `grep NSpid ${proc}/status`, shows: "one process's number in each namespace, the host's first" },
  ],
  mounts: (proc) => [
    { command: `cat ${proc}/mountinfo`, shows: "id, parent, device, root, place, options - type, source, options" },
  ],
  controlGroup: (_, { controlGroup }) =>
    (controlGroup?.resources ?? [])
      .filter(({ files }) => files.length > 0)
      .map(({ name, files }) => ({
        command: `grep -H . ${inDirectories(files.map(({ path }) => path)).join(" ")}`,
        shows: `every file that ${name} is read from`,
      })),
  capabilities: (proc) => [
    { command: `grep -E '^(Cap|NoNewPrivs)' ${proc}/status`, shows: "the five sets as hexadecimal masks" },
  ],
  seccomp: (proc) => [
    { command: `grep Seccomp ${proc}/status`, shows: "mode 2 is a filter, and how many are installed" },
  ],
  idMaps: (proc) => [
    { command: `cat ${proc}/uid_map`, shows: "first id inside, first id outside, how many" },
    { command: `cat ${proc}/gid_map`, shows: "the same for groups" },
    { command: `cat ${proc}/setgroups`, shows: "whether setgroups(2) is allowed" },
  ],
  network: (proc, { pid }) => [
    { command: `cat ${proc}/net/dev`, shows: "its interfaces, with what they received and sent" },
    { command: `cat ${proc}/net/route`, shows: "its IPv4 routes, addresses as hexadecimal numbers" },
    { command: `nsenter -t ${pid} -n ip address`, shows: "its addresses" },
  ],
  descriptors: (proc) => [
    { command: `ls -l ${proc}/fd`, shows: "what the first process has open" },
    { command: `cat ${proc}/fdinfo/*`, shows: "positions and flags, octal as in open(2)" },
  ],
};

/** Paths as a shell takes them with braces: one word for each directory. */
function inDirectories(paths: readonly string[]): string[] {
  const names = new Map<string, string[]>();
  for (const path of paths) {
    const slash = path.lastIndexOf("/");
    const directory = path.slice(0, slash);
    names.set(directory, [...(names.get(directory) ?? []), path.slice(slash + 1)]);
  }
  return [...names].map(([directory, files]) =>
    files.length === 1 ? `${directory}/${files[0]}` : `${directory}/{${files.join(",")}}`,
  );
}
