import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Harness, script, type TestContainer } from "./support/harness.ts";
import { ownIds } from "./support/user-namespace.ts";

const harness = new Harness();
afterAll(async () => expect(await harness.close()).toEqual([]));

type Point = "prestart" | "createRuntime" | "createContainer" | "startContainer" | "poststart" | "poststop";

/** A place that hooks and, by a bind mount, the container can write to. */
function place(container: TestContainer): string {
  const path = join(container.state, "hooks");
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o777);
  chmodSync(harness.home, 0o755); // hooks in the container's namespaces run as its own root
  return path;
}

/** A script for one point; $1 is the place that it writes to. */
function hook(container: TestContainer, point: Point, body: string, timeout?: number): void {
  const folder = place(container);
  const path = join(folder, `${point}.sh`);
  writeFileSync(path, `#!/bin/bash\n${body}\n`, { mode: 0o755 });
  const config = container.config as { hooks?: Record<string, unknown[]> };
  config.hooks ??= {};
  const inside = point === "startContainer" ? "/hooks" : folder;
  const args = [path, inside, point];
  const one = { path: point === "startContainer" ? `/hooks/${point}.sh` : path, args, env: ["GIVEN=yes"], timeout };
  config.hooks[point] = [...(config.hooks[point] ?? []), one];
}

function container(command: string, mapped = false): TestContainer {
  return harness.container((config, container) => {
    if (mapped) ownIds(config, container, 600_000);
    config.mounts.push({ destination: "/hooks", type: "bind", source: place(container), options: ["rbind"] });
    script(config, command);
  });
}

const read = (container: TestContainer, name: string) => readFileSync(join(place(container), name), "utf8");

const points: Point[] = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"];

test("hooks run at all six points, in order, with the container's state on their stdin", async () => {
  for (const mapped of [false, true]) {
    const one = container("echo program >> /hooks/order", mapped);
    for (const name of ["order", "env"]) {
      writeFileSync(join(place(one), name), "");
      chmodSync(join(place(one), name), 0o666);
    }
    for (const point of points)
      hook(one, point, 'echo $2 >> $1/order; cat > "$1/$2.json"; echo "$GIVEN $PATH" > $1/env');
    Object.assign(one.config.annotations, { "example.key": "value" });
    await one.start();
    await one.gone();
    const order = read(one, "order").trim().split("\n");
    // The program and poststart run side by side.
    expect(order.filter((line) => line !== "program")).toEqual(points);
    expect(order.indexOf("program")).toBeGreaterThan(order.indexOf("startContainer"));
    const states = Object.fromEntries(points.map((point) => [point, JSON.parse(read(one, `${point}.json`))]));
    const statuses = ["created", "creating", "creating", "created", "running", "stopped"];
    expect(points.map((point) => states[point].status)).toEqual(statuses);
    const bundle = join(one.state, "bundle");
    const annotations = expect.objectContaining({ "example.key": "value" });
    expect(states.createRuntime).toMatchObject({ ociVersion: "1.2.0", id: one.id, bundle, annotations });
    expect(states.createRuntime.pid).toBe(one.report.pid);
    expect(states.createContainer.pid).toBe(1);
    expect(read(one, "env")).toMatch(/^yes /);
  }
});

test("each hook runs in the namespaces that the specification says", async () => {
  const one = container("true");
  const show = 'readlink /proc/self/ns/mnt /proc/self/ns/net > "$1/$2.ns"';
  for (const point of ["createRuntime", "createContainer"] as const) hook(one, point, show);
  hook(
    one,
    "startContainer",
    'readlink /proc/self/ns/net > "$1/$2.ns"; echo $HOSTNAME $PWD > "$1/inside"; hostname >> $1/inside',
  );
  await one.start();
  await one.gone();
  const [runtimeMount, runtimeNet] = read(one, "createRuntime.ns").split("\n");
  const [containerMount, containerNet] = read(one, "createContainer.ns").split("\n");
  expect(containerMount).not.toBe(runtimeMount);
  expect(containerNet).not.toBe(runtimeNet);
  expect(read(one, "startContainer.ns").split("\n")[0]).toBe(containerNet);
  expect(read(one, "inside")).toContain("tested");
});

test("the namespaces can be changed from outside before the root is entered", async () => {
  const one = container("cat /proc/sys/net/ipv4/ip_default_ttl");
  hook(
    one,
    "createRuntime",
    `pid=$(grep -o '"pid":[0-9]*' | cut -d: -f2)
     nsenter -t $pid -n bash -c "echo 44 > /proc/sys/net/ipv4/ip_default_ttl"`,
  );
  expect((await one.output()).stdout).toBe("44\n");
});

test("a hook that fails ends the start, and says why; poststop still runs", async () => {
  for (const point of ["prestart", "createRuntime", "createContainer", "startContainer"] as const) {
    const one = container("echo program > /hooks/ran");
    hook(one, point, "echo the reason >&2; exit 3");
    hook(one, "poststop", "touch $1/stopped");
    const report = await one.tryStart();
    expect(report, point).toMatchObject({ ok: false, step: `hook ${point}`, errnoName: "ECANCELED" });
    if (point === "prestart" || point === "createRuntime") expect(report.message).toContain("it failed: the reason");
    expect(existsSync(join(place(one), "ran")), point).toBe(false);
    expect(existsSync(join(place(one), "stopped")), point).toBe(true);
  }
});

test("a hook that does not end within its timeout is killed", async () => {
  for (const point of ["createRuntime", "createContainer"] as const) {
    const one = container("true");
    hook(one, point, "sleep 100", 1);
    const begun = Date.now();
    const report = await one.tryStart();
    expect(report, point).toMatchObject({ ok: false, step: `hook ${point}`, errnoName: "ETIMEDOUT" });
    expect(report.message).toContain("did not end within its timeout");
    expect(Date.now() - begun).toBeLessThan(20_000);
  }
});

test("a hook that is not there is an error that names it", async () => {
  const one = container("true");
  Object.assign(one.config, { hooks: { createRuntime: [{ path: "/no/such/hook" }] } });
  const report = await one.tryStart();
  expect(report).toMatchObject({ ok: false, step: "hook createRuntime", subject: "/no/such/hook" });
  expect(report).toMatchObject({ call: "execve", errnoName: "ENOENT" });
});

test("a hook that fails after the start is told of, and changes nothing", async () => {
  const one = container("sleep 100");
  hook(one, "poststart", "exit 1");
  await one.start();
  expect(one.report.missing.map(({ feature }) => feature)).toEqual([expect.stringContaining("poststart")]);
  await one.kill();
});

test("a hook that does not read its stdin, and one that floods its stderr, hold nothing up", async () => {
  const one = container("echo fine");
  Object.assign(one.config.annotations, { "example.long": "x".repeat(200_000) });
  hook(one, "createRuntime", "exec <&-; head -c 1000000 /dev/zero | tr '\\0' e >&2");
  expect((await one.output()).stdout).toBe("fine\n");
});
