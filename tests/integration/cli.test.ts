import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Instance, projectRoot, startInstance } from "../support/instance.ts";
import { runCommand } from "../support/run-command.ts";
import { until } from "../support/until.ts";

let instance: Instance;

beforeAll(async () => {
  instance = await startInstance();
});

afterAll(async () => {
  expect((await instance?.stop()) ?? []).toEqual([]);
});

const json = async (...args: string[]) => JSON.parse((await instance.cli([...args, "--json"])).stdout);

it("prints the token, alone on a line", async () => {
  const token = readFileSync(`${instance.config.home}/operator-token`, "utf8").trim();
  expect(await instance.cli(["token"])).toEqual({ code: 0, stdout: `${token}\n`, stderr: "" });
});

it("prints a link that signs in once", async () => {
  const link = (await instance.cli(["token", "--link"])).stdout.trim();
  expect(link).toMatch(new RegExp(`^${instance.url}/sign-in\\?code=[\\w-]{20,}$`));
  const body = JSON.stringify({ code: new URL(link).searchParams.get("code") });
  const redeem = () =>
    fetch(`${instance.url}/api/v1/sign-in`, { method: "POST", body, headers: { "content-type": "application/json" } });
  const first = await redeem();
  expect(first.status).toBe(204);
  const cookie = first.headers.get("set-cookie") ?? "";
  expect(cookie).toMatch(/^minirun_session=.*HttpOnly/);
  expect(cookie).toContain("SameSite=Strict");
  const headers = { cookie: cookie.split(";")[0] ?? "" };
  expect((await fetch(`${instance.url}/api/v1/containers`, { headers })).status).toBe(200);
  expect((await redeem()).status).toBe(404);
});

it("leads from creation to deletion", async () => {
  const created = await instance.cli([
    "create",
    "job",
    "--memory",
    "64m",
    "--no-tty",
    "-e",
    "WHO=you",
    "--",
    "sh",
    "-c",
    "echo hello $WHO; sleep 300",
  ]);
  expect(created).toEqual({ code: 0, stdout: "job\n", stderr: "" });
  expect(await instance.cli(["start", "job"])).toEqual({ code: 0, stdout: "job\n", stderr: "" });

  const { stdout: table } = await instance.cli(["list"]);
  expect(table.split("\n")[1]).toMatch(/^job +running .*64 MiB/);
  expect(await json("list")).toEqual([expect.objectContaining({ name: "job", state: "running" })]);
  expect((await instance.cli(["list", "--quiet", "--state", "exited"])).stdout).toBe("");

  expect(await json("inspect", "job")).toMatchObject({
    name: "job",
    env: { WHO: "you" },
    limits: { memoryBytes: 64 * 1024 * 1024 },
  });
  expect((await instance.cli(["inspect", "job"])).stdout).toMatch(/limits +memory 64 MiB, 0.5 CPUs, 512 processes/);
  const output = await until("it has written", async () => (await instance.cli(["logs", "job"])).stdout);
  expect(output).toBe("hello you\n");
  expect((await instance.cli(["trace", "job"])).stdout).toMatch(/clone3[\s\S]*pivot_root[\s\S]*steps in/);
  expect((await json("trace", "job")).steps.length).toBeGreaterThan(10);
  const kernel = await json("inspect", "--kernel", "job");
  expect(kernel).toMatchObject({ name: "job", state: "running", unread: [] });
  const held = (await instance.cli(["inspect", "--kernel", "job"])).stdout;
  expect(held).toMatch(new RegExp(`^job  running, pid ${kernel.pid} on the host`));
  for (const part of ["Namespaces", "Processes", "Control group", "Capabilities", "Mounts", "Seccomp", "Id maps"])
    expect(held).toContain(`\n${part}`);
  expect(held).toMatch(/refused .*\bmount\b/);

  expect(await instance.cli(["delete", "job"])).toMatchObject({
    code: 1,
    stdout: "",
    stderr: expect.stringContaining("force"),
  });
  expect(await instance.cli(["kill", "--signal", "TERM", "job"])).toMatchObject({ code: 0 });
  expect(await json("stop", "--time", "1", "job")).toMatchObject({ state: "exited" });
  expect(await instance.cli(["delete", "job"])).toEqual({ code: 0, stdout: "job\n", stderr: "" });
  expect((await instance.cli(["list"])).stdout).toContain("No containers");
});

it("starts attached: output, input and exit code are the container's", async () => {
  await instance.cli([
    "create",
    "piped",
    "--no-tty",
    "--",
    "bash",
    "-c",
    "read line; echo got $line; echo oops >&2; exit 42",
  ]);
  expect(await instance.cli(["start", "--attach", "piped"], "this\n")).toEqual({
    code: 42,
    stdout: "got this\n",
    stderr: "oops\n",
  });
  expect(await instance.cli(["start", "-a", "piped"], "again\n")).toMatchObject({ code: 42, stdout: "got again\n" });
  expect((await instance.cli(["logs", "piped"])).stdout).toBe("got this\noops\ngot again\noops\n");
});

it("passes the exit code on of one that ends at once", async () => {
  await instance.cli(["create", "quick", "--no-tty", "--", "sh", "-c", "echo quick; exit 9"]);
  expect(await instance.cli(["start", "-a", "quick"])).toMatchObject({ code: 9, stdout: "quick\n" });
});

it("attaches to one that runs", async () => {
  await instance.cli(["create", "reader", "--no-tty", "--", "cat"]);
  await instance.cli(["start", "reader"]);
  expect(await instance.cli(["attach", "reader"], "there and back\n")).toEqual({
    code: 0,
    stdout: "there and back\n",
    stderr: "",
  });
});

it("gives a person at a terminal the container's own, and lets them detach", async () => {
  await instance.cli(["create", "shell", "-e", "TERM=dumb"]);
  const launcher = join(projectRoot, "minirun");
  // script(1) runs a command at a terminal of its own.
  const person = spawn("script", ["-qec", `stty cols 91 rows 33; ${launcher} start --attach shell`, "/dev/null"], {
    env: instance.environment,
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  person.stdout.on("data", (bytes: Buffer) => {
    screen += bytes;
  });
  const ended = new Promise((resolve) => person.once("exit", resolve));
  await until("the prompt", () => screen.includes("# "));
  person.stdin.write("stty size; hostname\n");
  await until("both answers, each line's end as the container sent it", () => screen.includes("33 91\r\nshell\r\n"));
  person.stdin.write("\x10\x11");
  expect(await ended).toBe(0);
  expect(await json("inspect", "shell")).toMatchObject({ state: "running" });
});

it("runs, as docker run does: output, input, exit code, and nothing left with --rm", async () => {
  const run = (...args: string[]) => instance.cli(["run", "--name", "cl-run", "--rm", ...args], "some words\n");
  expect(await run("host", "sh", "-c", "echo out; echo oops >&2; exit 7")).toEqual({
    code: 7,
    stdout: "out\n",
    stderr: "oops\n",
  });
  expect(await run("-i", "-w", "/tmp", "-e", "A=b c", "host", "sh", "-c", "pwd; echo $A; cat")).toEqual({
    code: 0,
    stdout: "/tmp\nb c\nsome words\n",
    stderr: "",
  });
  // Without -i its input has ended from the start.
  expect(await run("host", "wc", "-c")).toMatchObject({ code: 0, stdout: "0\n" });
  expect(await run("host", "/bin/nope")).toMatchObject({ code: 127, stderr: expect.stringContaining("ENOENT") });
  expect(await run("host", "/etc/passwd")).toMatchObject({ code: 126, stderr: expect.stringContaining("EACCES") });
  expect(await run("/srv/none", "true")).toMatchObject({ code: 125, stderr: expect.stringContaining("image") });
  expect((await instance.cli(["ls", "-q", "--filter", "name=cl-run"])).stdout).toBe("");
});

it("runs further commands in a container, with their own input, environment and exit code", async () => {
  await instance.cli(["run", "-d", "--name", "cl-exec", "host", "sleep", "300"]);
  const exec = (...args: string[]) => instance.cli(["exec", ...args], "some words\n");
  expect(await exec("-i", "-e", "A=b", "-w", "/tmp", "cl-exec", "sh", "-c", "cat; echo $A; pwd; exit 5")).toEqual({
    code: 5,
    stdout: "some words\nb\n/tmp\n",
    stderr: "",
  });
  expect(await exec("cl-exec", "/bin/nope")).toMatchObject({ code: 127, stdout: "" });
  expect(await exec("cl-nobody", "true")).toMatchObject({ code: 125, stderr: expect.stringContaining("cl-nobody") });
  await instance.cli(["rm", "-f", "cl-exec"]);
});

it("ends what it runs when nobody reads its output any more", async () => {
  const minirun = join(projectRoot, "minirun");
  const head = (command: string) =>
    runCommand("bash", ["-c", `${minirun} ${command} | head -1`], { env: instance.environment });
  expect(await head("run --rm --name cl-head host yes")).toEqual({ code: 0, stdout: "y\n", stderr: "" });
  expect((await instance.cli(["ls", "-q", "--filter", "name=cl-head"])).stdout).toBe("");
  await instance.cli(["run", "-d", "--name", "cl-reader", "host", "sleep", "300"]);
  expect(await head("exec cl-reader yes")).toEqual({ code: 0, stdout: "y\n", stderr: "" });
  await until("the command is gone", async () => (await json("top", "cl-reader")).items.length === 1);
  expect(await head("logs cl-reader")).toMatchObject({ code: 0, stderr: "" });
  await instance.cli(["rm", "-f", "cl-reader"]);
});

it("leaves the removal of --rm to the worker, so that it holds though it is killed itself", async () => {
  const program = [join(projectRoot, "dist/cli.js"), "run", "--rm", "--name", "cl-killed", "host", "sleep", "300"];
  const own = spawn(process.execPath, program, { env: instance.environment, stdio: "ignore" });
  await until("it runs", async () => (await json("inspect", "cl-killed")).state === "running");
  own.kill("SIGKILL");
  expect(await json("stop", "-t", "0", "cl-killed")).toMatchObject({ autoRemove: true });
  await instance.cli(["rm", "cl-killed"]);
});

it("says of a command that it ended, and not the container", async () => {
  await instance.cli(["run", "-d", "--name", "cl-hung", "host", "sleep", "300"]);
  const program = [join(projectRoot, "dist/cli.js"), "exec", "cl-hung", "sh", "-c", "echo ready; sleep 300"];
  const own = spawn(process.execPath, program, { env: instance.environment, stdio: ["ignore", "pipe", "pipe"] });
  const said: Buffer[] = [];
  own.stderr.on("data", (bytes: Buffer) => said.push(bytes));
  const ended = new Promise((resolve) => own.once("close", resolve));
  own.stdout.once("data", () => own.kill("SIGINT"));
  expect(await ended).toBe(129);
  expect(Buffer.concat(said).toString()).toBe("the command ended: 129, SIGHUP\n");
  expect(await json("inspect", "cl-hung")).toMatchObject({ state: "running" });
  await instance.cli(["rm", "-f", "cl-hung"]);
});

it("filters as docker ps does: ended containers only by status or -a, one of several values of a key", async () => {
  await instance.cli(["run", "--name", "cl-over", "host", "true"]);
  await instance.cli(["run", "-d", "--name", "cl-on", "host", "sleep", "300"]);
  const filters = ["--filter", "name=cl-over", "--filter", "name=cl-on"];
  const ps = async (...more: string[]) => (await instance.cli(["ps", "-q", ...filters, ...more])).stdout;
  expect(await ps()).toBe("cl-on\n");
  expect(await ps("-a")).toBe("cl-on\ncl-over\n");
  expect(await ps("--filter", "status=exited")).toBe("cl-over\n");
  await instance.cli(["rm", "-f", "cl-on", "cl-over"]);
});

it("leaves a person's terminal as it was, also after a program that did not clean up", async () => {
  await instance.cli([
    "run",
    "-d",
    "-t",
    "--name",
    "cl-raw",
    "host",
    "sh",
    "-c",
    "printf '\\033[?1049h\\033[?25lready'; cat",
  ]);
  const attach = `${join(projectRoot, "minirun")} attach --detach-keys ctrl-a,d cl-raw`;
  const person = spawn("script", ["-qec", `stty -g; ${attach}; echo "code $?"; stty -g`, "/dev/null"], {
    env: { ...instance.environment, TERM: "xterm" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let screen = "";
  person.stdout.on("data", (bytes: Buffer) => {
    screen += bytes;
  });
  const ended = new Promise((resolve) => person.once("exit", resolve));
  await until("it is attached", () => screen.includes("ready"));
  person.stdin.write("\x01d");
  await ended;
  const modes = screen.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}/gm) ?? [];
  expect(modes).toHaveLength(2);
  expect(modes[1]).toBe(modes[0]);
  expect(screen).toContain("code 0");
  expect(screen.split("ready")[1]).toContain("\x1b[?1049l\x1b[?25h");
  await instance.cli(["rm", "-f", "cl-raw"]);
});

it("copies files both ways, whole", async () => {
  await instance.cli(["create", "cl-copy"]);
  const local = join(instance.folder, "copied");
  const text = "x".repeat(3_000_000);
  writeFileSync(local, text);
  expect(await instance.cli(["cp", "-q", local, "cl-copy:/tmp/there"])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect((await instance.cli(["files", "cat", "cl-copy", "/tmp/there"])).stdout).toBe(text);
  expect(await instance.cli(["cp", "cl-copy:/tmp/there", `${local}-back`])).toMatchObject({ code: 0 });
  expect(readFileSync(`${local}-back`, "utf8")).toBe(text);
  expect(await instance.cli(["cp", local, "cl-copy:/none/"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("does not exist"),
  });
  await instance.cli(["rm", "cl-copy"]);
});

it("ends with 3 when a threshold is passed", async () => {
  await instance.cli(["run", "-d", "--name", "cl-limit", "-m", "64m", "host", "sleep", "300"]);
  const monitor = await instance.cli(["monitor", "--csv", "--max-memory", "0", "cl-limit"]);
  expect(monitor).toMatchObject({ code: 3, stderr: expect.stringMatching(/cl-limit uses .* of its memory limit/) });
  expect(monitor.stdout.split("\n")[1]).toContain(",cl-limit,");
  expect(await instance.cli(["monitor", "--csv", "--count", "1", "--max-memory", "100", "cl-limit"])).toMatchObject({
    code: 0,
  });
  await instance.cli(["rm", "-f", "cl-limit"]);
});

it("follows a log to the end", async () => {
  await instance.cli([
    "create",
    "slow",
    "--no-tty",
    "--",
    "bash",
    "-c",
    "for i in 1 2 3 4 5; do echo $i; sleep 0.2; done",
  ]);
  await instance.cli(["start", "slow"]);
  expect(await instance.cli(["logs", "--follow", "slow"])).toMatchObject({ code: 0, stdout: "1\n2\n3\n4\n5\n" });
  expect((await instance.cli(["logs", "--tail", "2", "slow"])).stdout).toBe("4\n5\n");
});

it("says what is wrong with what was typed, and what to do", async () => {
  expect(await instance.cli(["crate", "web"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("Did you mean create?"),
  });
  expect(await instance.cli(["create", "web", "--memory", "lots"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("64m"),
  });
  expect(await instance.cli(["create", "Web Server"])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("lower-case"),
  });
  expect(await instance.cli(["start", "nobody"])).toMatchObject({ code: 1, stderr: expect.stringContaining("nobody") });
  expect(await instance.cli(["start"])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("missing required argument"),
  });
  await instance.cli(["create", "absent", "--", "/bin/nope"]);
  const failed = await instance.cli(["start", "absent"]);
  expect(failed).toMatchObject({ code: 1, stdout: "" });
  expect(failed.stderr).toContain("ENOENT");
  expect(failed.stderr).toContain("/bin/nope");
});

it("tells how it is", async () => {
  const status = await json("status");
  expect(status).toMatchObject({ running: true, address: instance.url });
  for (const part of ["database", "worker", "web"])
    expect(status.parts[part]).toMatchObject({ state: "running", alive: true });
  expect(await json("health")).toMatchObject({ status: "ok" });
  // A second one leaves the first alone.
  await instance.up();
  expect(await json("status")).toMatchObject({ pid: status.pid });
});

it("keeps containers running over down and up", async () => {
  await instance.cli(["create", "survivor", "--", "sleep", "300"]);
  await instance.cli(["start", "survivor"]);
  const { pid } = await json("inspect", "survivor");
  expect(await instance.cli(["down"])).toMatchObject({ code: 0, stdout: "MiniRun has stopped.\n" });
  expect(await instance.cli(["list"])).toMatchObject({ code: 125, stderr: expect.stringContaining("./minirun up") });
  expect(await instance.cli(["status"])).toMatchObject({ code: 1 });
  process.kill(pid, 0);
  await instance.up();
  expect(await json("inspect", "survivor")).toMatchObject({ state: "running", pid });
});
