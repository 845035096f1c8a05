import { expect, type Page, test } from "@playwright/test";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";

const idle = "trap 'exit 0' TERM; while :; do sleep 1; done";
let page: Page;
const made = new Set<string>();

async function run(name: string, script = idle, more: object = {}): Promise<void> {
  made.add(name);
  await runContainer(page, name, script, more);
}

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await signInByApi(page);
});
test.afterEach(async () => {
  for (const name of made) await removeContainer(page, name);
  made.clear();
});
test.afterAll(async () => {
  await page.context().close();
});

const badge = () => page.locator("main [data-state]").first();
const more = () => page.getByRole("button", { name: "More actions" });

test("every verb works from the page, and its problem is told there", async () => {
  await run("verbs-1");
  await page.goto("/containers/verbs-1?tab=configuration");
  await more().click();
  await page.getByRole("menuitem", { name: "Pause" }).click();
  await expect(badge()).toHaveText("Paused");
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(badge()).toHaveText("Running");
  const before = await page.getByText(/pid \d+/).textContent();
  await page.getByRole("button", { name: "Restart" }).click();
  await expect(page.getByText(/pid \d+/)).not.toHaveText(before ?? "");
  await more().click();
  await page.getByRole("menuitem", { name: "Kill with a signal" }).hover();
  await page.getByRole("menuitem", { name: "SIGKILL" }).click();
  await expect(badge()).toHaveText(/Exited \(137\)/);
  await expect(page.getByText("Killed by SIGKILL")).toBeVisible();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(badge()).toHaveText("Running");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(badge()).toHaveText("Exited");
});

test("a stop that waits can be cut short, and the list that one goes back to knows of it", async () => {
  await run("stubborn-1", "trap '' TERM; while :; do sleep 1; done");
  await page.goto("/containers");
  await page.getByRole("link", { name: "stubborn-1", exact: true }).click();
  // The time-out that a page asks for can be over before a slow machine has opened two menus.
  const postData = JSON.stringify({ timeoutSeconds: 120 });
  await page.route("**/stop", (route) => route.continue({ postData }), { times: 1 });
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(badge()).toHaveText("Stopping");
  await more().click();
  await page.getByRole("menuitem", { name: "Kill with a signal" }).hover();
  await page.getByRole("menuitem", { name: "SIGKILL" }).click();
  await expect(badge()).toHaveText(/Exited \(137\)/);
  await page.goBack();
  await expect(page.getByRole("row", { name: /stubborn-1/ })).toContainText("Exited (137)");
});

test("a rename moves the page's address, and can be undone", async () => {
  await run("name-old");
  await page.goto("/containers/name-old?tab=configuration");
  await page.getByRole("tab", { name: "Activity" }).click();
  await more().click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  const field = page.getByRole("dialog").getByLabel("Name");
  await field.fill("Not A Name");
  await expect(page.getByRole("dialog").getByText(/must start with/)).toBeVisible();
  await field.fill("name-new");
  await field.press("Enter");
  await expect(page).toHaveURL(/\/containers\/name-new\?tab=activity/);
  await page.goBack();
  await expect(page).toHaveURL(/\/containers\/name-new\?tab=configuration/);
  await page.goForward();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("name-new");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("name-old");
  await expect(page).toHaveURL(/\/containers\/name-old\?tab=activity/);
  await expect(page).toHaveTitle(/^name-old/);
});

test("limits change in place, and never over somebody else's change unasked", async () => {
  await run("limits-1");
  await page.goto("/containers/limits-1?tab=configuration");
  const limits = page.getByRole("region", { name: "Limits" });
  await limits.getByRole("button", { name: "Change" }).click();
  await limits.getByLabel("Memory", { exact: true }).fill("96");
  await limits.getByRole("button", { name: "Set limits" }).click();
  await expect(limits.getByText("96 MiB")).toBeVisible();
  type Seen = { limits: { memoryBytes: number; pids: number } };
  expect((await callApi<Seen>(page, "GET", "/containers/limits-1")).limits.memoryBytes).toBe(96 * 1024 ** 2);

  await limits.getByRole("button", { name: "Change" }).click();
  await limits.getByLabel("Processes").fill("99");
  await callApi(page, "PATCH", "/containers/limits-1", { limits: { pids: 77 } });
  await limits.getByRole("button", { name: "Set limits" }).click();
  await expect(limits.getByRole("alert")).toContainText("Somebody else changed this container");
  expect((await callApi<Seen>(page, "GET", "/containers/limits-1")).limits.pids).toBe(77);
  await limits.getByRole("button", { name: "Set mine" }).click();
  await expect(limits.getByRole("definition").filter({ hasText: /99$/ })).toBeVisible();
  expect((await callApi<Seen>(page, "GET", "/containers/limits-1")).limits.pids).toBe(99);

  // Undo takes back one's own change alone, and not what somebody has set since.
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(limits.getByRole("definition").filter({ hasText: /77$/ })).toBeVisible();
  await limits.getByRole("button", { name: "Change" }).click();
  await limits.getByLabel("Processes").fill("88");
  await limits.getByRole("button", { name: "Set limits" }).click();
  await expect(limits.getByRole("definition").filter({ hasText: /88$/ })).toBeVisible();
  await callApi(page, "PATCH", "/containers/limits-1", { limits: { pids: 66 } });
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByText("limits-1 was changed meanwhile")).toBeVisible();
  expect((await callApi<Seen>(page, "GET", "/containers/limits-1")).limits.pids).toBe(66);
});

test("processes are listed as a tree, hostile names as text, and take signals", async () => {
  // The number is worked out, so that the shell's own command line doesn't have it.
  await run("procs-1", `exec -a "$(printf 'evil\\033[31m\\nname')" sleep 1001 & sleep $((1000 + 2)) & ${idle}`);
  await page.goto("/containers/procs-1?tab=processes");
  const table = page.getByRole("region", { name: "Processes", exact: true });
  await expect(table.getByRole("row", { name: /sleep 1002/ })).toBeVisible();
  await expect(table.getByText("evil name 1001")).toBeVisible();
  await table
    .getByRole("row", { name: /sleep 1002/ })
    .getByRole("button")
    .click();
  await page.getByRole("menuitem", { name: "SIGTERM" }).click();
  await expect(table.getByRole("row", { name: /sleep 1002/ })).toHaveCount(0);
  await table
    .getByRole("row", { name: /evil name/ })
    .getByRole("button")
    .click();
  await page.getByRole("menuitem", { name: "SIGKILL" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Kill" }).click();
  await expect(table.getByText("evil name 1001")).toHaveCount(0);
  await callApi(page, "POST", "/containers/procs-1/kill");
  await expect(page.getByText("Ended: these ran last")).toBeVisible();
  await expect(table.getByRole("row").nth(1)).toBeVisible();
});

test("statistics are live, stay when the container ends, and have a table for who cannot see them", async () => {
  await run("stats-1", "while :; do :; done");
  await page.goto("/containers/stats-1?tab=statistics");
  const summary = page.getByRole("region", { name: "Summary" });
  await expect(summary.getByRole("row", { name: /^CPU Used/ })).toContainText(/[2-9]\d %/);
  await expect(page.getByRole("img", { name: /^CPU: Used: / })).toBeVisible();
  await page.getByRole("img", { name: /^CPU: / }).hover({ position: { x: 500, y: 90 } });
  await callApi(page, "POST", "/containers/stats-1/kill");
  await expect(page.getByText("Not running: this is what it used")).toBeVisible();
  await expect(summary.getByRole("row", { name: /^CPU Used/ })).toContainText(/[2-9]\d %/);
  await page.getByRole("button", { name: "1 day" }).click();
  await expect(page).toHaveURL(/range=1d/);
  await page.goBack();
});

test("activity tells who did what, and a failure with its remedy", async () => {
  made.add("act-1");
  await callApi(page, "POST", "/containers", { name: "act-1", command: ["/no/such/program"] });
  await page.goto("/containers/act-1?tab=activity");
  const activity = page.getByRole("region", { name: "Activity" });
  await expect(activity.getByText("Created act-1")).toBeVisible();
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(activity.getByText("Could not start act-1")).toBeVisible();
  await expect(activity.getByText(/\/no\/such\/program/).first()).toBeVisible();
  await activity.getByRole("button", { name: "show its trace" }).click();
  await expect(page).toHaveURL(/tab=trace/);
});

test("a container that somebody deletes leaves its page as it was, and says so", async () => {
  await run("gone-1");
  await page.goto("/containers/gone-1?tab=configuration");
  await expect(page.getByRole("main").getByText("Settings")).toBeVisible();
  await removeContainer(page, "gone-1");
  made.delete("gone-1");
  await expect(page.getByRole("alert").getByText("gone-1 was deleted.")).toBeVisible();
  await expect(badge()).toHaveText(/^Exited/);
  await expect(page.getByText(/up \d/)).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Change" })).toBeDisabled();
  await expect(page.getByRole("main").getByText("Settings")).toBeVisible();
});
