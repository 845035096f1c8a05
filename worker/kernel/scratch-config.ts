import * as z from "zod";

const Bundle = z.looseObject({
  process: z.looseObject({}),
  mounts: z.array(z.looseObject({ destination: z.string() })),
  linux: z.looseObject({ namespaces: z.array(z.looseObject({ type: z.string() })) }),
});

interface Scratch {
  /** The program on the host, which is bound in read-only. */
  program: string;
  number: number;
  cgroup: string;
}

/**
 * The config.json of a scratch container that makes one system call with another container's filter, namespaces,
 * capabilities and id maps. It has none of its files, mounts, hooks and environment, and no network but loopback.
 */
export function scratchConfig(config: unknown, { program, number, cgroup }: Scratch) {
  const { process, mounts, linux, hooks: _, annotations: __, ...rest } = Bundle.parse(config);
  const { consoleSize: ___, rlimits: ____, ...kept } = process;
  const bind = { destination: "/try-system-call", type: "bind", source: program, options: ["bind", "ro"] };
  const network = linux.namespaces.some(({ type }) => type === "network") ? [] : [{ type: "network" }];
  return {
    ...rest,
    root: { path: "rootfs", readonly: true },
    process: { ...kept, terminal: false, args: ["/try-system-call", String(number)], env: [], cwd: "/" },
    mounts: [...mounts.filter(({ destination }) => destination === "/dev"), bind],
    linux: {
      ...linux,
      namespaces: [...linux.namespaces, ...network],
      cgroupsPath: cgroup,
      maskedPaths: [],
      readonlyPaths: [],
    },
  };
}
