// What a start costs, with this runtime and with its peers.
//   node --import tsx tests/bench/runtime/runtime.bench.ts [ROUNDS]        as root, on a quiet machine
// The same bundle for all, in turn within one run: a static program that does nothing, six namespaces, /proc and a /dev, the
// default seccomp filter, limits on memory, cpu and processes (bubblewrap has none). `run` from its spawn until it has
// been reaped. Peers are those that are installed (crun, runc, bwrap); CRUN names a further crun. Everything is in
// a mount namespace of its own, with a tmpfs on /run, where runtimes keep their state.

import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quantile } from "../figures.ts";

const here = fileURLToPath(new URL(".", import.meta.url));
const binary = fileURLToPath(new URL("../../../native/build/Release/minirun-oci", import.meta.url));
const rounds = Number(process.argv[2] ?? 100);
const pausesMs = [0, 50];
const parallelStarts = 200;
const atATime = 8;

interface Contender {
  name: string;
  /** The command line; {} is a name that no other start has. */
  command: string[];
}

interface Start {
  which: number;
  microseconds: number;
  peakKib: number;
}

function enterOwnNamespace(): void {
  if (process.env.IN_OWN_NAMESPACE === "1") return;
  const own = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const { status } = spawnSync("unshare", ["--mount", "--propagation", "private", ...own], {
    stdio: "inherit",
    env: { ...process.env, IN_OWN_NAMESPACE: "1" },
  });
  process.exit(status ?? 1);
}

function compile(source: string, output: string): void {
  execFileSync("cc", ["-O2", "-static", "-o", output, source]);
}

/** Without a path for the control group: each runtime then makes one by the container's name. */
function bundleConfig() {
  const seccomp = JSON.parse(readFileSync(join(here, "../../../native/oci/default-seccomp.json"), "utf8"));
  const capabilities = ["CAP_CHOWN", "CAP_KILL", "CAP_SETGID", "CAP_SETUID"];
  return {
    ociVersion: "1.0.2",
    root: { path: "rootfs" },
    hostname: "bench",
    process: {
      args: ["/bin/nothing"],
      env: ["PATH=/bin"],
      cwd: "/",
      user: { uid: 0, gid: 0 },
      noNewPrivileges: true,
      capabilities: { bounding: capabilities, effective: capabilities, permitted: capabilities },
    },
    mounts: [
      { destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"] },
      { destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "mode=755", "size=65536k"] },
    ],
    linux: {
      namespaces: ["pid", "mount", "uts", "ipc", "network", "cgroup"].map((type) => ({ type })),
      seccomp,
      resources: {
        memory: { limit: 512 * 1024 * 1024 },
        cpu: { quota: 50_000, period: 100_000 },
        pids: { limit: 512 },
      },
    },
  };
}

function makeBundle(bundle: string): void {
  for (const name of ["proc", "dev", "bin"]) mkdirSync(join(bundle, "rootfs", name), { recursive: true });
  const source = join(bundle, "nothing.c");
  writeFileSync(source, "int main(void) { return 0; }\n");
  compile(source, join(bundle, "rootfs/bin/nothing"));
  writeFileSync(join(bundle, "config.json"), JSON.stringify(bundleConfig()));
}

/** The compiled filter as bubblewrap takes it, from what minirun-oci has kept of its first start, behind the profile. */
function compiledFilter(home: string, bundle: string): string {
  const root = join(home, "first");
  execFileSync(binary, ["--root", root, "run", "--bundle", bundle, "first"]);
  const [name = ""] = readdirSync(join(root, ".cache"));
  const content = readFileSync(join(root, ".cache", name));
  const source = JSON.stringify(bundleConfig().linux.seccomp);
  const start = content.indexOf(source) + source.length + 1;
  const file = join(home, "filter.bpf");
  writeFileSync(file, content.subarray(start));
  return file;
}

function contenders(home: string, bundle: string): Contender[] {
  const run = (file: string) => [file, "run", "--bundle", bundle, "bench{}"];
  const bubblewrap = "-3 FILE /usr/bin/bwrap --unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup"
    .replace("FILE", compiledFilter(home, bundle))
    .split(" ");
  const rest = [
    "--bind",
    join(bundle, "rootfs"),
    "/",
    "--proc",
    "/proc",
    "--dev",
    "/dev",
    "--seccomp",
    "3",
    "/bin/nothing",
  ];
  const bare = join(home, "bare");
  compile(join(here, "bare.c"), bare);
  const all = [
    { name: "minirun-oci", command: run(binary) },
    { name: "bare clone3", command: [bare, join(bundle, "rootfs/bin/nothing")] },
    { name: "bubblewrap", command: [...bubblewrap, ...rest], file: "/usr/bin/bwrap" },
    { name: "crun", command: run("/usr/bin/crun"), file: "/usr/bin/crun" },
    { name: "runc", command: run("/usr/sbin/runc"), file: "/usr/sbin/runc" },
    { name: `crun (${process.env.CRUN})`, command: run(process.env.CRUN ?? ""), file: process.env.CRUN ?? "/none" },
  ];
  return all.filter(({ file }) => file === undefined || existsSync(file));
}

/** Runs `measure` and takes its lines apart; `wall` has the time of each contender's parallel starts. */
function measured(measure: string, args: string[], all: Contender[]): { starts: Start[]; wall: number[] } {
  const words = all.flatMap(({ command }, index) => (index === 0 ? command : ["--", ...command]));
  const text = execFileSync(measure, [...args, ...words], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const lines = text.split("\n").filter(Boolean);
  const wall: number[] = [];
  const starts = lines.flatMap((line) => {
    const [which = "", second = "", third = "", code = ""] = line.split(" ");
    if (second === "all") {
      wall[Number(which)] = Number(third);
      return [];
    }
    if (code !== "0") throw new Error(`${all[Number(which)]?.name} ended with ${code}`);
    return [{ which: Number(which), microseconds: Number(second), peakKib: Number(third) }];
  });
  return { starts, wall };
}

function print(title: string, all: Contender[], starts: Start[], wall: number[]): void {
  const own = (which: number) => starts.filter((start) => start.which === which);
  const median = (which: number) =>
    quantile(
      own(which).map(({ microseconds }) => microseconds),
      0.5,
    );
  const rows = all.map(({ name }, which) => {
    const times = own(which).map(({ microseconds }) => microseconds / 1000);
    const row = {
      "": name,
      "median ms": quantile(times, 0.5).toFixed(2),
      "p95 ms": quantile(times, 0.95).toFixed(2),
      "least ms": Math.min(...times).toFixed(2),
      "ours is": (median(0) / median(which)).toFixed(3),
      "peak KiB": quantile(
        own(which).map(({ peakKib }) => peakKib),
        0.5,
      ),
    };
    const all = wall[which];
    return all === undefined ? row : { ...row, "all ms": (all / 1000).toFixed(0) };
  });
  console.log(title);
  console.table(rows);
}

enterOwnNamespace();
execFileSync("mount", ["-t", "tmpfs", "tmpfs", "/run"]);
// Where the host has v1 controllers beside a v2 tree: crun refuses such a mixture.
spawnSync("umount", ["/sys/fs/cgroup/unified"], { stdio: "ignore" });
const home = mkdtempSync(join(tmpdir(), "minirun-test-bench-"));
try {
  const bundle = join(home, "bundle");
  makeBundle(bundle);
  const measure = join(home, "measure");
  compile(join(here, "measure.c"), measure);
  const all = contenders(home, bundle);
  measured(measure, ["2", "0", "1"], all); // fills the caches
  for (const pauseMs of pausesMs) {
    const { starts } = measured(measure, [String(rounds), String(pauseMs), "1"], all);
    print(pauseMs === 0 ? "starts back to back, in turn" : `a start every ${pauseMs} ms, in turn`, all, starts, []);
  }
  const { starts, wall } = measured(measure, [String(parallelStarts), "0", String(atATime)], all);
  print(`${parallelStarts} starts, ${atATime} at a time`, all, starts, wall);
} finally {
  rmSync(home, { recursive: true, force: true });
}
