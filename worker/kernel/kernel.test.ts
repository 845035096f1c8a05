import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { KernelView } from "../../lib/contract/kernel.ts";
import type { Context } from "../context.ts";
import { execute } from "../operations/execute.ts";
import { makeTestWorker, operation, startContainer, type TestWorker, untilState } from "../testing/test-worker.ts";
import { readKernel } from "./read-kernel.ts";
import { scratchConfig } from "./scratch-config.ts";
import { trySystemCall } from "./try-system-call.ts";

let worker: TestWorker;
let context: Context;

beforeAll(async () => {
  worker = await makeTestWorker();
  context = await worker.restart();
}, 60_000);
afterAll(async () => {
  await worker.clear();
  await worker.remove();
});

const recordOf = (id: string) => {
  const record = context.records.get(id);
  if (!record) throw new Error(`there is no record of ${id}`);
  return record;
};

describe("the kernel view", () => {
  it("is what the contract says, while the container runs and no longer", async () => {
    const id = await startContainer(context);
    const view = KernelView.parse(await readKernel(context, recordOf(id)));
    expect(view).toMatchObject({ containerId: id, state: "running", pid: recordOf(id).status.pid, unread: [] });
    expect(view.controlGroup?.resources.find(({ name }) => name === "pids")?.limit).toBe(32);
    expect(view.processes?.items[0]).toMatchObject({ pid: 1, hostPid: view.pid });
    const overlay = view.mounts?.items.find(({ point }) => point === "/")?.overlay;
    expect(overlay?.lowerFolders).toEqual([recordOf(id).lower]);
    const some = await readKernel(context, recordOf(id), ["idMaps"]);
    expect(Object.keys(some)).not.toContain("mounts");
    await execute(context, operation("kill", id, { signal: "SIGKILL" }));
    await untilState(context, id, "exited");
    await expect(readKernel(context, recordOf(id))).rejects.toMatchObject({
      problem: { code: "container-not-running" },
    });
  });

  it("says that the freezer holds a paused container", async () => {
    const id = await startContainer(context);
    await execute(context, operation("pause", id, {}));
    const view = await readKernel(context, recordOf(id), ["controlGroup"]);
    expect(view).toMatchObject({ state: "paused", controlGroup: { frozen: true } });
  });
});

describe("a refused system call", () => {
  it("is made in a scratch container with the same filter, of which nothing stays", async () => {
    const id = await startContainer(context);
    const groups = () => context.addon.cgroupList(`/${context.config.cgroup}`).sort();
    const [before, groupsBefore] = [await readdir(context.paths.runContainers), groups()];
    const [mount, keyctl] = await Promise.all([
      trySystemCall(context, recordOf(id), "mount"),
      trySystemCall(context, recordOf(id), "keyctl"),
    ]);
    expect(mount).toMatchObject({ call: "mount", returned: -1, errno: "EPERM", signal: null });
    expect(mount.meaning).toBe("operation not permitted");
    expect(keyctl.returned).toBe(-1);
    expect(await readdir(context.paths.runContainers)).toEqual(before);
    expect(groups()).toEqual(groupsBefore);
    expect(context.records.all().length).toBe(before.length);
  });

  it.each(["read", "clone", "no_such_call", "../mount"])("is the only kind that is made, not %s", async (call) => {
    const id = await startContainer(context);
    await expect(trySystemCall(context, recordOf(id), call)).rejects.toMatchObject({
      problem: { code: "validation-failed" },
    });
  });

  it("has a container's filter and rights, and none of its files, hooks and environment", async () => {
    const id = await startContainer(context);
    const config = JSON.parse(await readFile(`${context.records.folder(id)}/bundle/config.json`, "utf8"));
    const scratch = scratchConfig({ ...config, hooks: { prestart: [] } }, { program: "/p", number: 165, cgroup: "/g" });
    expect(scratch.linux).toMatchObject({ seccomp: config.linux.seccomp, cgroupsPath: "/g" });
    expect(scratch.process).toMatchObject({ capabilities: config.process.capabilities, env: [], terminal: false });
    expect(scratch.mounts.map(({ destination }) => destination)).toEqual(["/dev", "/try-system-call"]);
    expect(scratch).not.toHaveProperty("hooks");
    expect(scratch).not.toHaveProperty("annotations");
  });
});
