import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { variable as coverage } from "../coverage/collect.ts";
import { type Counts, countDoctest, countPlaywright, countRun, countVitest, countVitestOutput } from "./counts.ts";

/** What one suite executes and how its results are read. */
export interface Suite {
  name: string;
  about: string;
  /** Its share of the twenty minutes, in seconds; at five times that it is ended: machines are slow, or busy. */
  share: number;
  /** One for most; each step of `lint` counts as a test. */
  steps: (filters: string[]) => Step[];
}

export interface Step {
  title: string;
  command: string[];
  env?: Record<string, string>;
  /** Seconds after which it is ended, where that is not five times the suite's share. */
  limit?: number;
  /** Reads the results from what the step printed or wrote to `report`; the exit code alone when left out. */
  count?: (step: { output: string; report: string; code: number }) => Counts;
}

const bin = (name: string) => `node_modules/.bin/${name}`;

function vitest(project: string, filters: string[], within: string[] = []): Step[] {
  const command = [bin("vitest"), "run", "--project", project, "--reporter=default", "--reporter=json", ...filters];
  return [{ title: `vitest ${project}`, command: [...within, ...command], count: countVitest }];
}

/** A mount namespace for what mounts: nothing can leak. */
const ownMounts = ["unshare", "--mount", "--propagation", "private"];

const nativeFiles = [
  "bash",
  "-c",
  "find native tests -name '*.cc' -o -name '*.h' | grep -v /build/ | xargs clang-format --dry-run -Werror",
];
/** The C++ library's streams and their locales are a fifth of a static program, and are mapped at each start. */
const noStreams = [
  "bash",
  "-c",
  "! grep -rnE '#include <(iostream|sstream|fstream|iomanip|locale|regex)>' native/{core,oci,runtime,shim,standard.h}",
];
const shellFiles = [
  "bash",
  "-c",
  "for file in minirun .ci/run $(find tests scripts terraform -name '*.sh'); do bash -n $file || exit 1; done",
];

/** Where one of these is not installed, CI has it. */
function checkersThatAreThere(): Step[] {
  // SC2317: it takes functions that a trap calls for unreachable.
  const find = "find tests scripts terraform -name '*.sh'";
  return [
    { title: "shellcheck", command: ["bash", "-c", `${find} | xargs shellcheck -e SC2317 minirun .ci/run`] },
    { title: "systemd-analyze", command: ["bash", "-c", "systemd-analyze verify ./systemd/*.service"] },
    { title: "terraform", command: ["terraform", "fmt", "-check", "-diff", "-recursive", "terraform"] },
  ].filter(({ title }) => isInstalled(title));
}

/** What the long suites may take on a machine that is slow, or busy: it is not to be taken for one that hangs. */
const slowestSeconds = 2400;

/** In the order in which they run: what is quick and often wrong comes first. */
export const suites: Suite[] = [
  {
    name: "lint",
    about: "linter, floors between the folders, formatters, types",
    share: 90,
    steps: () => [
      { title: "biome", command: [bin("biome"), "check", "."] },
      { title: "types", command: [bin("tsc"), "--noEmit", "--incremental", "false"] },
      { title: "clang-format", command: nativeFiles },
      { title: "no C++ streams in the runtime", command: noStreams },
      { title: "shell scripts", command: shellFiles },
      ...checkersThatAreThere(),
    ],
  },
  {
    name: "unit",
    about: "functions beside their files",
    share: 120,
    // By itself vitest leaves a core free for whoever watches; much of what these tests do is to wait.
    steps: (filters) => vitest("unit", ["--maxWorkers=2", ...filters]),
  },
  {
    name: "native",
    about: "the native core's functions, and control groups with containers in them",
    share: 120,
    steps: () => [
      { title: "doctest", command: [...ownMounts, "native/build/Release/minirun-native-test"], count: countDoctest },
      {
        title: "control groups",
        command: [...ownMounts, "native/build/Release/minirun-kernel-test"],
        count: countDoctest,
      },
      // Where lines are counted, the same tests once more would count nothing more.
      ...(process.env[coverage]
        ? []
        : [
            {
              title: "doctest under sanitizers",
              command: [...ownMounts, "native/fuzz/run.sh", "unit"],
              count: countDoctest,
            },
          ]),
    ],
  },
  {
    name: "fuzz",
    about: "parsers and the shim's protocol, ten seconds each; `-- 3600` for longer",
    share: 60,
    // Two run at a time, and the first time they are built.
    steps: ([seconds = "10"]) => [
      {
        title: `${seconds} s each`,
        command: ["native/fuzz/run.sh", "fuzz", seconds],
        limit: 3 * Number(seconds) + 300,
      },
    ],
  },
  {
    name: "runtime",
    about: "shim and addon on this machine's kernel",
    share: 150,
    steps: (filters) => vitest("runtime", filters, ownMounts),
  },
  {
    name: "oci",
    about: "minirun-oci by its command line, as podman and containerd drive it",
    share: 90,
    steps: (filters) => vitest("oci", filters),
  },
  {
    name: "vm",
    about: "the same on a kernel with cgroup v2",
    share: 150,
    steps: (filters) =>
      canRunVm()
        ? [
            { title: "control groups", command: ["tests/vm/kernel-test.sh"], count: countDoctest },
            {
              title: "vitest runtime on cgroup v2",
              command: ["tests/integration/runtime/run.sh", "vm", ...filters],
              count: countVitestOutput,
            },
          ]
        : [],
  },
  {
    name: "integration",
    about: "the whole product by HTTP, WebSocket and command line, and with its processes killed",
    share: 600,
    // Each file has an instance of its own.
    steps: (filters) =>
      vitest("integration", ["--maxWorkers=2", ...filters]).map((step) => ({ ...step, limit: slowestSeconds })),
  },
  {
    name: "e2e",
    about: "journeys in a browser",
    share: 600,
    steps: (filters) => [
      {
        title: "playwright",
        command: [
          bin("playwright"),
          "test",
          "-c",
          "tests/e2e/playwright.config.ts",
          "--reporter=list,json",
          ...filters,
        ],
        count: countPlaywright,
        limit: slowestSeconds,
      },
    ],
  },
];

/** Long, or figures rather than assertions: by name, or with --all. */
export const extraSuites: Suite[] = [
  {
    name: "peers",
    about: "podman and containerd with minirun-oci; installs Debian's packages where they are missing",
    share: 120,
    steps: (filters) => [
      { title: "podman, containerd", command: ["tests/peers/run.sh", ...filters], count: countVitestOutput },
    ],
  },
  {
    name: "mutations",
    about: "each guard against a known way out of containers taken out once: its test must fail",
    share: 600,
    steps: (filters) => [
      {
        title: "one guard at a time",
        command: [...ownMounts, "node", "--import", "tsx", "tests/mutations/main.ts", ...filters],
        count: countVitestOutput,
      },
    ],
  },
  {
    name: "coverage",
    about: "which lines the other suites run, in TypeScript and in C++; `-- SUITE…` counts some alone",
    share: 3600,
    steps: (filters) => [
      {
        title: "suites with counters",
        command: ["node", "--import", "tsx", "tests/coverage/main.ts", ...filters],
        count: countRun,
      },
    ],
  },
  {
    name: "outage",
    about: "the database stopped, and frozen, for two minutes under load",
    share: 420,
    steps: () =>
      vitest("integration", ["integration/database"]).map((step) => ({ ...step, env: { OUTAGE_SECONDS: "120" } })),
  },
  {
    name: "bench",
    about: "figures: starts, calls, echo, throughput, what a page bears",
    share: 900,
    steps: () => [
      { title: "runtimes", command: ["node", "--import", "tsx", "tests/bench/runtime/runtime.bench.ts", "50"] },
      { title: "native start", command: ["node", "--import", "tsx", "tests/bench/native.bench.ts", "40"] },
      { title: "product", command: ["node", "--import", "tsx", "tests/bench/product.bench.ts"] },
      { title: "statistics", command: ["node", "--import", "tsx", "tests/bench/statistics.bench.ts"] },
      { title: "kernel view", command: ["node", "--import", "tsx", "tests/bench/kernel.bench.ts"] },
      { title: "browser", command: ["node", "--import", "tsx", "tests/bench/browser.bench.ts"] },
    ],
  },
];

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? "").split(":").some((folder) => existsSync(join(folder, program)));
}

/** A kernel of its own is needed only where this machine's tree is v1. */
function canRunVm(): boolean {
  return !ownTreeIsV2() && Boolean(process.env.UML_KERNEL) && existsSync(process.env.UML_KERNEL ?? "");
}

function ownTreeIsV2(): boolean {
  const controllers = "/sys/fs/cgroup/cgroup.controllers";
  return existsSync(controllers) && /\bmemory\b/.test(readFileSync(controllers, "utf8"));
}

/** What this machine could not prove; said in the last lines. */
export function notProved(ran: string[]): string[] {
  const lines: string[] = [];
  if (ran.includes("lint")) {
    const absent = ["shellcheck", "systemd-analyze", "terraform"].filter((program) => !isInstalled(program));
    if (absent.length > 0) lines.push(`Checks by ${absent.join(", ")}: not installed on this machine.`);
  }
  if (ran.includes("vm") && !ownTreeIsV2() && !canRunVm()) {
    lines.push(
      "cgroup v2: this machine's tree is v1, and UML_KERNEL names no kernel (a User-Mode Linux with cgroup v2) to run the tests in.",
    );
  }
  if (ran.includes("runtime") && ownTreeIsV2()) lines.push("cgroup v1: this machine's tree is v2.");
  return lines;
}
