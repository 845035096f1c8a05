import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { describeProgram } from "../../cli/describe-program.ts";
import { makeWholeProgram } from "../../cli/program.ts";
import type { CreateContainerInput } from "../../lib/contract/container.ts";
import { type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { until } from "../support/until.ts";

const program = await makeWholeProgram();
const commands = describeProgram(program);
/** Commands that only look: their examples run side by side. */
const lookers = new Set(
  [
    "files ls",
    "files cat",
    "ps",
    "inspect",
    "logs",
    "top",
    "stats",
    "monitor",
    "history",
    "trace",
    "operations",
    "audit",
  ].concat([
    "images",
    "nodes",
    "status",
    "health",
    "version",
    "token",
    "completion",
    "man",
    "shells",
    "recordings",
    "doctor",
  ]),
);
/** The examples of these stop and start the product: they come last. */
const lastVerbs = new Set(["up", "down", "backup", "restore"]);

/** Examples for a terminal, with what a person types there once they see `when`. */
const dialogues: Record<string, { when: string | RegExp; type: string }> = {
  "./minirun run -it --rm host bash": { when: "# ", type: "exit\r" },
  "./minirun exec -it web bash": { when: "# ", type: "exit\r" },
  "./minirun lab fork": { when: "still lab", type: "exit\r" },
  "./minirun attach web": { when: "# ", type: "\x10\x11" },
  "./minirun start --attach shell": { when: "# ", type: "exit\r" },
  "./minirun stats": { when: "web", type: "\x03" },
  "./minirun monitor": { when: "web", type: "\x03" },
  "./minirun events": { when: /web\S*\s+paused/, type: "\x03" },
  "./minirun events --container web --action paused --json": { when: '"action":"paused"', type: "\x03" },
  "./minirun events --operations": { when: /pause succeeded/, type: "\x03" },
};

/** Examples that write into a file until Ctrl+C ends them, which is no failure. */
const endless: Record<string, string> = { "./minirun stats --csv web > usage.csv": "usage.csv" };

/** Exit codes other than 0. */
const exitCodes: Record<string, number> = {
  // It runs already, which is what `up` in the foreground has to say.
  "./minirun up": 1,
};

/** A shell at a terminal takes no notice of SIGTERM: this one does, and spares each stop its ten seconds. */
const shell: CreateContainerInput = {
  command: ["/bin/bash", "-l"],
  env: { TERM: "dumb", PROMPT_COMMAND: "trap exit TERM" },
};
const usual: Record<string, CreateContainerInput> = {
  web: shell,
  shell,
  job: { command: ["sh", "-c", "echo started; echo error: none >&2"], tty: false },
};
/** Names that examples give. */
const made = ["web2", "web-2", "web-old", "job-2", "hello", "small", "env-job", "docker-like"];

let instance: Instance;
let folder: string;

beforeAll(async () => {
  instance = await startInstance();
  folder = join(instance.folder, "examples");
  mkdirSync(folder);
  // Not the launcher, which would look for something to install and build; what is there is what gets tested.
  const program = join(projectRoot, "dist/cli.js");
  writeFileSync(join(folder, "minirun"), `#!/bin/sh\nexec node ${program} "$@"\n`, {
    mode: 0o755,
  });
  writeFileSync(join(folder, "run.sh"), "#!/bin/sh\necho hello\n");
  writeFileSync(join(folder, "note.txt"), "hi\n");
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

/** web and shell run, job has ended, and nothing else is there that an example makes. */
async function prepare(): Promise<void> {
  const { client } = instance;
  const { items } = await client.call("listContainers", { query: { limit: 1000 } });
  for (const { id, name, state } of items) {
    const stays = name === "job" ? state === "exited" : state === "running";
    if (made.includes(name) || (Object.hasOwn(usual, name) && !stays)) {
      await client.call("deleteContainer", { params: { name: id }, query: { force: true } });
    }
  }
  for (const [name, input] of Object.entries(usual)) {
    const there = items.some((each) => each.name === name && each.state === (name === "job" ? "exited" : "running"));
    if (there) continue;
    await client.call("createContainer", { body: { name, ...input } });
    await client.call("startContainer", { params: { name } });
    if (name === "job") await client.call("waitContainer", { params: { name } });
  }
}

/** web has a start before its last one, to be compared with. */
async function startTwice(): Promise<void> {
  const params = { name: "web" };
  await instance.client.call("restartContainer", { params, body: { timeoutSeconds: 0 } });
  await until("both starts are kept", async () => {
    return (await instance.client.call("listTraces", { params })).items.length > 1;
  });
}

/** An example as the test runs it: at this instance's address. */
const here = (example: string) => example.replaceAll("localhost:8080", `127.0.0.1:${instance.config.port}`);

async function run(example: string): Promise<{ code: number; output: string }> {
  const { code, stdout, stderr } = await runCommand("bash", ["-c", `set -o pipefail; ${here(example)}`], {
    cwd: folder,
    env: instance.environment,
    timeoutMs: 90_000,
  });
  return { code, output: stdout + stderr };
}

async function interrupt(example: string, written: string): Promise<{ code: number; output: string }> {
  const command = spawn("bash", ["-c", `exec ${here(example)}`], {
    cwd: folder,
    env: instance.environment,
    stdio: ["ignore", "inherit", "inherit"],
  });
  const ended = new Promise<number>((resolve) => command.once("exit", (code) => resolve(code ?? -1)));
  const read = () => readFileSync(join(folder, written), "utf8");
  try {
    await until(`${example} has written`, () => read().split("\n").length > 2);
    command.kill("SIGINT");
    return { code: await ended, output: read() };
  } finally {
    command.kill("SIGKILL");
  }
}

/** Runs an example at a terminal of its own (script(1)), as a person who waits and then types. */
async function converse(example: string): Promise<{ code: number; output: string }> {
  const { when, type } = dialogues[example] ?? { when: "", type: "" };
  const person = spawn("script", ["-qec", `stty cols 100 rows 30; exec ${here(example)}`, "/dev/null"], {
    cwd: folder,
    env: { ...instance.environment, TERM: "dumb" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let output = "";
  person.stdout.on("data", (bytes: Buffer) => {
    output += bytes;
  });
  const ended = new Promise<number>((resolve) => person.once("exit", (code) => resolve(code ?? -1)));
  try {
    await until(`${example} shows ${when}`, async () => {
      if (example.includes("events")) await makeEvents();
      return typeof when === "string" ? output.includes(when) : when.test(output);
    });
    person.stdin.write(type);
    return { code: await ended, output };
  } finally {
    person.kill("SIGKILL");
  }
}

async function makeEvents(): Promise<void> {
  await instance.client.call("pauseContainer", { params: { name: "web" } });
  await instance.client.call("resumeContainer", { params: { name: "web" } });
}

/** What a command prints for --help. */
function helpOf(path: string): string {
  const command = path
    .split(" ")
    .reduce<Command | undefined>((found, name) => found?.commands.find((one) => one.name() === name), program);
  let help = "";
  command?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

describe("help", () => {
  it.each(commands.map((info) => [info.path, info] as const))("of %s has its examples", (path, info) => {
    const help = helpOf(path);
    if (info.subcommands.length === 0) expect(info.examples).not.toEqual([]);
    for (const example of info.examples) {
      expect(help).toContain(`\n  ${example}\n`);
      expect([path, ...info.aliases].some((name) => example.includes(`./minirun ${name}`))).toBe(true);
    }
    for (const name of info.subcommands) expect(help).toMatch(new RegExp(`^  ${name}\\b`, "m"));
  });
});

const examplesOf = (wanted: (path: string) => boolean) =>
  commands.filter(({ path }) => wanted(path)).flatMap(({ examples }) => examples);

async function check(example: string): Promise<void> {
  const written = endless[example];
  const talks = Object.hasOwn(dialogues, example);
  const { code, output } = await (written ? interrupt(example, written) : talks ? converse(example) : run(example));
  expect({ example, code, output }).toMatchObject({ code: exitCodes[example] ?? 0 });
}

describe("what changes something does what its help says", () => {
  beforeEach(prepare);
  it.each(examplesOf((path) => !lookers.has(path) && !lastVerbs.has(path)))("%s", check);
});

describe("what only looks does what its help says", () => {
  beforeAll(async () => {
    await prepare();
    await startTwice();
  });
  it.concurrent.each(examplesOf((path) => lookers.has(path)))("%s", check);
});

describe("what stops and starts the product does what its help says", () => {
  it.each(examplesOf((path) => lastVerbs.has(path)))("%s", check);
});

it("lists every command in its help", async () => {
  const { stdout } = await instance.cli(["--help"]);
  for (const { path } of commands.filter(({ path }) => !path.includes(" "))) {
    expect(stdout).toMatch(new RegExp(`^  ${path}[ |\\n]`, "m"));
  }
});
