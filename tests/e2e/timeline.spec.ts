import { expect, type Page, test } from "@playwright/test";
import type { Trace } from "../../lib/contract/trace.ts";
import { isKnownStep, meaningOf } from "../../lib/contract/trace-steps.ts";
import { comparedLooks, wide } from "./look.ts";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";

let page: Page;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ viewport: wide, reducedMotion: "reduce" });
  page = await context.newPage();
  await signInByApi(page);
  await runContainer(page, "timeline-1", "sleep 600");
});
test.afterAll(async () => {
  await removeContainer(page, "timeline-1");
  await page.context().close();
});

const region = () => page.getByRole("region", { name: "Start trace" });
const rows = () => region().locator("[data-step]");
const search = () => region().getByLabel("Search steps");

// The wide one last: the tests after it go on with it.
for (const { label, colorScheme, ...viewport } of [...comparedLooks].reverse()) {
  test(`shows every step of the start, as it was traced, and what it went into: ${label}`, async () => {
    await page.setViewportSize(viewport);
    await page.emulateMedia({ colorScheme });
    const { steps } = await callApi<Trace>(page, "GET", "/containers/timeline-1/trace");
    expect(steps.map(({ name }) => name).filter((name) => !isKnownStep(name))).toEqual([]);
    await page.goto("/containers/timeline-1?tab=trace");
    await expect(region().getByRole("heading")).toContainText(`${steps.length} steps in`);
    await expect(rows()).toHaveCount(steps.length);
    const mounts = steps.filter((step) => meaningOf(step).group === "mounts").length;
    await region()
      .getByRole("button", { name: /^Mounts/ })
      .click();
    await expect(rows()).toHaveCount(mounts);
    await region()
      .getByRole("button", { name: /^Mounts/ })
      .click();
    await search().fill("pivot_root");
    await expect(rows()).toHaveCount(1);
    await search().fill("");
    await region().getByRole("button", { name: "Failed", exact: true }).click();
    await expect(region().getByText("No step failed.")).toBeVisible();
    await region().getByRole("button", { name: "All", exact: true }).click();
  });
}

test("is gone through by keys, zoomed, and says what a step means", async () => {
  await page.goto("/containers/timeline-1?tab=trace");
  await expect(rows().first()).toBeVisible();
  await page.keyboard.press("/");
  await page.keyboard.type("pivot_root");
  await page.keyboard.press("Enter");
  await expect(rows().first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(region().getByText("takes the host's away altogether")).toBeVisible();
  await expect(region().getByText("pivot_root(2)")).toBeVisible();
  await page.keyboard.press("Enter");
  const whole = region().getByRole("button", { name: "Whole start" });
  await page.keyboard.press("+");
  await expect(whole).toBeVisible();
  await page.keyboard.press("0");
  await expect(whole).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(search()).toHaveValue("");
});

test("leads from a step to its setting, and from a setting to its steps", async () => {
  await page.goto("/containers/timeline-1?tab=trace");
  await search().fill("memory limit");
  await rows().first().click();
  await region().getByRole("button", { name: "Memory in Configuration" }).click();
  await expect(page).toHaveURL(/tab=configuration&setting=limits\.memoryBytes/);
  await page.getByRole("button", { name: /^Show what carried out CPU/ }).click();
  await expect(page).toHaveURL(/tab=trace&setting=limits\.cpus/);
  await expect(region().getByRole("button", { name: "Show the steps of every setting" })).toBeVisible();
  for (const row of await rows().all()) await expect(row).toContainText("cpu");
});

test("sets two starts side by side, and marks what differs", async () => {
  await callApi(page, "PATCH", "/containers/timeline-1", { limits: { memoryBytes: 96 * 1024 * 1024 } });
  await callApi(page, "POST", "/containers/timeline-1/restart", { timeoutSeconds: 0 });
  await page.goto("/containers/timeline-1?tab=trace");
  const beside = region().getByLabel("Beside it");
  await expect(beside.locator("option")).toHaveCount(2);
  await beside.selectOption({ index: 1 });
  await expect(region().getByRole("heading")).toContainText("beside");
  await region().getByRole("button", { name: "Different", exact: true }).click();
  await expect(rows().filter({ hasText: "memory limit" })).toBeVisible();
  await expect(rows().filter({ hasText: "pivot_root" })).toHaveCount(0);
  await expect(region().getByLabel("Settings that differ")).toContainText("Memory");
  await rows().filter({ hasText: "memory limit" }).click();
  await expect(region().getByText("The other one was given")).toContainText(String(64 * 1024 * 1024));
});

test("shows a further command, and the end of a container", async () => {
  const session = { mode: "exec", command: ["sleep", "600"], tty: false };
  await callApi(page, "POST", "/containers/timeline-1/sessions", session);
  await page.goto("/containers/timeline-1?tab=trace");
  const trace = () => page.getByLabel("Trace", { exact: true }).and(page.locator("select"));
  const command = trace().locator("option", { hasText: "sleep 600" });
  await trace().selectOption((await command.getAttribute("value")) ?? "");
  const shown = page.getByRole("region", { name: "Command trace" });
  await expect(shown.locator("[data-step]").filter({ hasText: "setns" }).first()).toBeVisible();
  await callApi(page, "POST", "/containers/timeline-1/stop", { timeoutSeconds: 0.2 });
  await trace().selectOption({ label: "Last end" });
  const end = page.getByRole("region", { name: "End trace" });
  for (const step of ["signal SIGTERM", "wait for the end", "reap", "remove cgroup"]) {
    await expect(end.locator("[data-step]").filter({ hasText: step }).first()).toBeVisible();
  }
  await end.locator("[data-step]").filter({ hasText: "reap" }).click();
  await expect(end.getByText("there is nothing to unmount")).toBeVisible();
  await callApi(page, "POST", "/containers/timeline-1/start");
});

test("opens a start that failed where it failed, with cause and remedy", async () => {
  await callApi(page, "POST", "/containers", { name: "timeline-2", command: ["/no/such/program"], tty: false });
  await expect(callApi(page, "POST", "/containers/timeline-2/start")).rejects.toThrow(/command-not-found/);
  await page.goto("/containers/timeline-2");
  await expect(page.getByRole("tab", { name: "Trace" })).toHaveAttribute("aria-selected", "true");
  const failed = region().getByRole("button", { name: /find program/ });
  await expect(failed).toHaveAttribute("aria-expanded", "true");
  await expect(failed).toBeInViewport();
  await expect(region().getByText("there is no file /no/such/program in the root filesystem")).toBeVisible();
  await expect(region().getByText("What to do:")).toBeVisible();
  await page.getByRole("tab", { name: "Terminal" }).click();
  await expect(page).toHaveURL(/tab=terminal/);
  await removeContainer(page, "timeline-2");
});
