import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { OciHarness, ociBinary } from "./support/oci.ts";

const harness = new OciHarness();
afterAll(async () => expect(await harness.close()).toEqual([]));

const log = join(harness.home, "hooks.log");

/** Hooks that write their name and what they are told into one file; `fails` are those that end badly. */
function hooks(points: string[], fails: string[] = []) {
  return Object.fromEntries(
    points.map((point) => {
      const path = join(harness.home, `${point}.sh`);
      const end = fails.includes(point) ? `echo ${point} has a reason >&2; exit 1` : "exit 0";
      writeFileSync(path, `#!/bin/bash\necho "${point} $(cat)" >> ${log}\n${end}\n`, { mode: 0o755 });
      return [point, [{ path }]];
    }),
  );
}

/** Names and statuses in the order in which hooks were called. */
function called(): string[] {
  const lines = readFileSync(log, "utf8").trim().split("\n");
  writeFileSync(log, "");
  return lines.map((line) => {
    const [point, ...state] = line.split(" ");
    return `${point} ${JSON.parse(state.join(" ")).status}`;
  });
}

const outside = ["prestart", "createRuntime", "createContainer", "poststart", "poststop"];

test("hooks run with the operations that they belong to", async () => {
  const container = harness.bundle("sleep 100", (config) => Object.assign(config, { hooks: hooks(outside) }));
  expect(container.create()).toMatchObject({ code: 0 });
  expect(called()).toEqual(["prestart created", "createRuntime creating", "createContainer creating"]);
  expect(container.verb("start").code).toBe(0);
  expect(called()).toEqual(["poststart running"]);
  expect(container.verb("kill", "KILL").code).toBe(0);
  await container.untilStatus("stopped");
  expect(container.verb("delete").code).toBe(0);
  expect(called()).toEqual(["poststop stopped"]);
});

test("up to its gate a container is being created, and nobody may enter what it has of the host's", async () => {
  const path = join(harness.home, "looks.sh");
  const heard = join(harness.home, "heard");
  const container = harness.bundle("sleep 100", (config) =>
    Object.assign(config, { hooks: { createRuntime: [{ path }] } }),
  );
  const oci = `${ociBinary} --root ${harness.root}`;
  const look = `${oci} state ${container.id}; ${oci} exec ${container.id} cat /proc/self/mountinfo`;
  writeFileSync(path, `#!/bin/bash\n{ ${look}; } > ${heard} 2>&1; exit 0\n`, { mode: 0o755 });
  expect(container.create()).toMatchObject({ code: 0 });
  const said = readFileSync(heard, "utf8");
  expect(said).toMatch(/"status": ?"creating"/);
  expect(said).toContain("cannot exec in a container that is creating");
  expect(said).not.toContain(" - "); // as each line of mountinfo has it
  expect(container.state().status).toBe("created");
  expect(container.verb("exec", "echo", "inside").stdout).toBe("inside\n");
});

test("what a hook leaves behind may go on talking, and holds nobody up", () => {
  const path = join(harness.home, "talks.sh");
  writeFileSync(path, "#!/bin/bash\nyes >&2 &\n", { mode: 0o755 });
  const hooks = { createRuntime: [{ path, timeout: 5 }] };
  const container = harness.bundle("true", (config) => Object.assign(config, { hooks }));
  expect(container.run()).toMatchObject({ code: 0 });
});

test("run calls all of them", () => {
  const container = harness.bundle("true", (config) => Object.assign(config, { hooks: hooks(outside) }));
  expect(container.run().code).toBe(0);
  expect(called().map((line) => line.split(" ")[0])).toEqual(outside);
});

test("a hook that fails before the start fails the create, and poststop follows", () => {
  const container = harness.bundle("true", (config) =>
    Object.assign(config, { hooks: hooks(outside, ["createRuntime"]) }),
  );
  const created = container.create();
  expect(created.code).toBe(1);
  expect(created.stderr).toContain("createRuntime has a reason");
  expect(called()).toEqual(["prestart created", "createRuntime creating", "poststop stopped"]);
  expect(existsSync(join(harness.root, container.id))).toBe(false);
});

test("one that fails afterwards is a warning", async () => {
  const container = harness.bundle("true", (config) =>
    Object.assign(config, { hooks: hooks(outside, ["poststart", "poststop"]) }),
  );
  expect(container.create().code).toBe(0);
  const started = container.verb("start");
  expect(started).toMatchObject({ code: 0 });
  expect(started.stderr).toContain("poststart has a reason");
  await container.untilStatus("stopped");
  const deleted = container.verb("delete");
  expect(deleted).toMatchObject({ code: 0 });
  expect(deleted.stderr).toContain("poststop has a reason");
});
