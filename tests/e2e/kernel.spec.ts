import { readFileSync, readlinkSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import type { KernelView } from "../../lib/contract/kernel.ts";
import { comparedLooks, wide } from "./look.ts";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";

/** The tests run on the machine whose containers they look at: what pages show is compared with /proc. */
const name = "kernel-1";
const script = String.raw`exec -a "$(printf '\033[31mevil\n<script>document.title="caught"</script>')" sleep 1001 & exec 7<>/tmp/held; sleep 1002 & wait`;

let page: Page;
let view: KernelView;
const proc = (file: string) => readFileSync(`/proc/${view.pid}/${file}`, "utf8");
const panel = (title: string) => page.getByRole("region", { name: title, exact: true });

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext({ viewport: wide })).newPage();
  await signInByApi(page);
  await runContainer(page, name, script);
  await expect
    .poll(async () => (await callApi<KernelView>(page, "GET", `/containers/${name}/kernel?parts=processes`)).processes)
    .toMatchObject({ total: 3 });
  view = await callApi<KernelView>(page, "GET", `/containers/${name}/kernel`);
  await page.goto(`/containers/${name}?tab=kernel`);
  await expect(panel("Namespaces")).toBeVisible();
});
test.afterAll(async () => {
  await removeContainer(page, name);
  await page.context().close();
});

for (const { label, colorScheme, ...viewport } of comparedLooks) {
  test.describe(label, () => {
    test.beforeAll(async () => {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await page.reload();
      await expect(panel("Namespaces")).toBeVisible();
    });

    test("namespaces: each has the inode that /proc says, own and shared told apart", async () => {
      const spaces = panel("Namespaces").locator("[data-kind]");
      await expect(spaces).toHaveCount(view.namespaces?.length ?? 0);
      for (const { kind } of view.namespaces ?? []) {
        const inode = (process: string) => /\[(\d+)\]/.exec(readlinkSync(`/proc/${process}/ns/${kind}`))?.[1] ?? "?";
        const space = panel("Namespaces").locator(`[data-kind=${kind}]`);
        await expect(space).toContainText(inode(String(view.pid)));
        const own = inode(String(view.pid)) !== inode("self");
        await expect(space).toHaveAttribute("data-own", String(own));
        if (own) await expect(space).toContainText(`host ${inode("self")}`);
      }
    });

    test("processes: by both their numbers, hostile names as text", async () => {
      const tree = panel("Process tree");
      await expect(tree).toContainText("3 processes");
      for (const { pid, hostPid } of view.processes?.items ?? []) {
        await expect(tree.getByRole("row", { name: `${pid} → ${hostPid}` })).toBeVisible();
        const inside = /^NSpid:\s+(\d+)\s+(\d+)/m.exec(readFileSync(`/proc/${hostPid}/status`, "utf8"));
        expect([Number(inside?.[1]), Number(inside?.[2])]).toEqual([hostPid, pid]);
      }
      await expect(tree.getByText('evil <script>document.title="caught"</script>')).toBeVisible();
      expect(await page.title()).not.toBe("caught");
    });

    test("control group: limit, use and events are those of its files", async () => {
      const group = panel("Control group");
      await expect(group.locator("[data-resource=memory]")).toContainText("of 64 MiB");
      await expect(group.locator("[data-resource=cpu]")).toContainText("of 0.5 cores");
      await expect(group.locator("[data-resource=pids]")).toContainText("3 of 512");
      for (const { name: resource, files } of view.controlGroup?.resources ?? []) {
        const shown = group.locator(`[data-resource=${resource}]`);
        await shown.getByText(/^\d+ files?$/).click();
        for (const { path } of files.filter(({ role }) => role === "limit")) {
          await expect(shown).toContainText(readFileSync(path, "utf8").trim());
        }
      }
      const oomKills = view.controlGroup?.resources.find(({ name: one }) => one === "memory")?.counts.oomKills;
      await expect(group.locator("[data-resource=memory]")).toContainText(`OOM kills ${oomKills}`);
      if (view.controlGroup?.version === 1) await expect(group).toContainText("Pressure: version 1 keeps none.");
    });

    test("capabilities: the matrix has the bits of status", async () => {
      const matrix = panel("Capability matrix");
      const mask = (set: string) => BigInt(`0x${new RegExp(`^${set}:\\s+(\\w+)`, "m").exec(proc("status"))?.[1]}`);
      const bits = (set: string) => [...mask(set).toString(2)].filter((bit) => bit === "1").length;
      await expect(matrix.getByRole("row")).toHaveCount(bits("CapBnd") + 1);
      const yes = (column: number) => matrix.locator(`tbody td:nth-of-type(${column})`).filter({ hasText: "yes" });
      for (const [index, set] of ["CapBnd", "CapPrm", "CapEff", "CapInh", "CapAmb"].entries()) {
        await expect(yes(index + 1)).toHaveCount(bits(set));
      }
      await panel("Capabilities").getByRole("button", { name: "All" }).click();
      const last = Number(readFileSync("/proc/sys/kernel/cap_last_cap", "utf8"));
      await expect(matrix.getByRole("row")).toHaveCount(last + 2);
    });

    test("mounts: as many as mountinfo has, with the overlay's folders and what lies beneath another", async () => {
      const lines = proc("mountinfo").trimEnd().split("\n");
      const mounts = panel("Mounts");
      await expect(mounts).toContainText(`${lines.length} mounts`);
      const overlay = lines.find((line) => line.includes(" - overlay "));
      await expect(mounts).toContainText(/upperdir=([^,\s]+)/.exec(overlay ?? "")?.[1] ?? "no overlay");
      await expect(mounts.getByRole("row", { name: /^\/proc\/keys/ })).toContainText("ro");
      await expect(mounts.getByRole("row", { name: /^\/proc\/keys/ })).toContainText("hides a file");
    });

    test("seccomp: a refused call is found, tried, and answers with its errno", async () => {
      const seccomp = panel("Seccomp");
      await seccomp.getByRole("searchbox").fill("keyctl");
      await seccomp.getByRole("button", { name: "Try it: keyctl" }).click();
      await expect(seccomp.getByRole("status")).toContainText(/keyctl\(\) = -1 E(PERM|NOSYS)/);
      await expect(seccomp.getByRole("status")).toContainText("same filter");
      await seccomp.getByRole("searchbox").fill("clone");
      await seccomp.getByRole("button", { name: /^Depends/ }).click();
      await expect(seccomp.getByRole("row", { name: /clone/ }).first()).toContainText("by its first argument");
      const { items } = await callApi<{ items: { name: string }[] }>(page, "GET", "/containers?search=kernel");
      expect(items.map((one) => one.name)).toEqual([name]);
    });

    test("id maps, network and descriptors are what the host sees of them", async () => {
      const [inside, outside, count] = proc("uid_map").trim().split(/\s+/).map(Number);
      const range = (first = 0) => `${first} … ${first + (count ?? 0) - 1}`;
      await expect(panel("Id maps")).toContainText(range(inside));
      await expect(panel("Id maps")).toContainText(range(outside));
      await expect(panel("Id maps")).toContainText(proc("setgroups").startsWith("allow") ? "allowed" : "denied");
      await expect(panel("Network")).toContainText("127.0.0.1/8");
      for (const line of proc("net/dev").trim().split("\n").slice(2)) {
        await expect(panel("Network")).toContainText(line.split(":")[0]?.trim() ?? "?");
      }
      await expect(panel("Open descriptors")).toContainText(readlinkSync(`/proc/${view.pid}/fd/7`));
      await expect(panel("Open descriptors")).toContainText(readlinkSync(`/proc/${view.pid}/fd/0`));
    });
  });
}

test("every panel says how to see the same by hand, with the container's own pid", async () => {
  const buttons = page.getByRole("button", { name: "By hand" });
  await expect(buttons).toHaveCount(9);
  for (const button of await buttons.all()) await button.click();
  await expect(page.getByText(`readlink /proc/${view.pid}/ns/*`)).toBeVisible();
  await expect(page.getByText(`nsenter -t ${view.pid} -n ip address`)).toBeVisible();
  for (const button of await buttons.all()) await button.click();
});

test("a paused container says so, and one that ends leaves what the kernel held last", async () => {
  await callApi(page, "POST", `/containers/${name}/pause`);
  await expect(page.getByText("Paused: the freezer holds every process")).toBeVisible();
  await expect(panel("Control group")).toContainText("frozen");
  await callApi(page, "POST", `/containers/${name}/resume`);
  await expect(page.getByText("Live", { exact: true })).toBeVisible();
  await callApi(page, "POST", `/containers/${name}/kill`);
  await expect(page.getByText("Past: this is what the kernel held last")).toBeVisible();
  await expect(panel("Process tree")).toContainText(String(view.pid));
  await expect(page.getByRole("button", { name: /^Try it/ })).toHaveCount(0);
  await page.reload();
  await expect(page.getByText("The kernel holds nothing for it")).toBeVisible();
});
