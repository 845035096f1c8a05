import { expect, type Page, test } from "@playwright/test";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";

/** Where the documentation has its pictures. */
const folder = "docs/images";

const scripts = {
  shop: "(while :; do head -c 9000000 /dev/urandom | gzip > /tmp/cache; sleep 0.$((RANDOM % 9)); done) & sleep inf & wait",
  reports: "(while :; do head -c 2000000 /dev/urandom | sort > /tmp/sorted; sleep 1; done) & wait",
  mail: "while :; do head -c 500000 /dev/urandom | md5sum > /tmp/sum; sleep 2; done",
};
let page: Page;

test.beforeEach(async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
  page = await context.newPage();
  await signInByApi(page);
});
test.afterEach(() => page.context().close());

test("what containers use, run and hold", async () => {
  for (const [name, script] of Object.entries(scripts)) await runContainer(page, name, script);
  await page.goto("/containers/shop?tab=statistics");
  await expect(page.getByRole("img", { name: /^CPU: / })).toBeVisible();
  // Charts of a container that has just begun are empty.
  await page.waitForTimeout(75_000);
  const pages = {
    statistics: null,
    fleet: "/statistics",
    processes: "/containers/shop?tab=processes",
    files: "/containers/shop?tab=files&path=/etc",
    kernel: "/containers/shop?tab=kernel",
  };
  for (const [name, address] of Object.entries(pages)) {
    if (address) await page.goto(address);
    await expect(page.getByRole("status", { name: /^(Loading|Asking)/ })).toHaveCount(0);
    await page.waitForTimeout(4_000);
    await take(name, { fullPage: name === "kernel" });
  }
  for (const name of Object.keys(scripts)) await removeContainer(page, name);
});

test("a start, and one that failed", async () => {
  await runContainer(page, "shop", "sleep 600");
  await page.goto("/containers/shop?tab=trace");
  const steps = page.getByRole("region", { name: "Start trace" }).locator("[data-step]");
  await steps.filter({ hasText: "clone3" }).first().click();
  await take("timeline");
  const list = () =>
    callApi<{ items: { operationId: string; verb: string }[] }>(page, "GET", "/containers/shop/traces");
  const before = await expect
    .poll(async () => (await list()).items.length)
    .toBe(1)
    .then(list);
  await callApi(page, "PATCH", "/containers/shop", { limits: { memoryBytes: 2 ** 25 } });
  await callApi(page, "POST", "/containers/shop/restart", { timeoutSeconds: 1 });
  await page.goto(`/containers/shop?tab=trace&beside=${before.items[0]?.operationId}`);
  await expect(page.getByLabel("Settings that differ")).toBeVisible();
  await take("timeline-compared");
  await page.goto("/containers/shop?tab=trace&start=end");
  await page.getByRole("region", { name: "End trace" }).locator("[data-step]").filter({ hasText: "reap" }).click();
  await expect(page.getByRole("combobox", { name: "Trace" })).toHaveValue("end");
  await take("timeline-end");
  await callApi(page, "POST", "/containers", { name: "lost", command: ["/no/such/program"], tty: false });
  await expect(callApi(page, "POST", "/containers/lost/start")).rejects.toThrow(/command-not-found/);
  await page.goto("/containers/lost");
  await expect(steps.first()).toBeVisible();
  await take("timeline-failed");
  for (const name of ["shop", "lost"]) await removeContainer(page, name);
});

test("overview, list, palette, form and reference", async () => {
  const sleep = "exec sleep 1000";
  const made = {
    shop: [busy(200), { labels: { app: "shop" }, limits: { memoryBytes: 2 ** 28, cpus: 0.5 } }],
    mail: [busy(60), { labels: { app: "mail" }, limits: { memoryBytes: 2 ** 27, cpus: 0.25 } }],
    "index-builder": [busy(30), { labels: { app: "search" }, restart: "on-failure:5" }],
    "nightly-report": ["exit 3", { labels: { app: "shop" } }],
    "next-release": [sleep, { labels: { app: "shop" } }],
  } as const;
  for (const [name, [script, more]] of Object.entries(made)) await runContainer(page, name, script, more);
  await callApi(page, "POST", "/containers/next-release/stop", { timeoutSeconds: 0 });
  for (const colorScheme of ["dark", "light"] as const) {
    await page.emulateMedia({ colorScheme });
    await page.goto("/");
    await expect(page.getByText("Failed lately")).toBeVisible();
    // The little charts draw the last half minute.
    await page.waitForTimeout(20_000);
    await take(`overview-${colorScheme}`);
  }
  await page.goto("/containers");
  await expect(page.getByRole("link", { name: "shop", exact: true })).toBeVisible();
  await page.waitForTimeout(4_000);
  await take("containers-light");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill("shop");
  await expect(page.getByRole("option").first()).toBeVisible();
  await page.waitForTimeout(500);
  await take("palette-light");
  await page.goto("/new");
  await page.getByLabel("Name", { exact: true }).fill("web");
  await take("create-light");
  await page.goto("/reference#createContainer");
  await page.waitForTimeout(500);
  await take("reference-light");
  for (const name of Object.keys(made)) await removeContainer(page, name);
});

function take(name: string, more: { fullPage?: boolean } = {}): Promise<Buffer> {
  return page.screenshot({ path: `${folder}/${name}.png`, ...more });
}

/** A script that computes for so many milliseconds, rests 300, and begins again. */
function busy(milliseconds: number): string {
  return `while :; do end=$(($(date +%s%3N) + ${milliseconds})); while [ $(date +%s%3N) -lt $end ]; do :; done; sleep 0.3; done`;
}
