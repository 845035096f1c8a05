import { type Browser, expect, type Locator, type Page, test } from "@playwright/test";
import { removeContainer, runContainer } from "./real-containers.ts";
import { signIn } from "./sign-in.ts";

const small = { memoryBytes: 64 * 1024 * 1024, cpus: 1 };
const made: string[] = [];

/** A container without a terminal that runs this script, begun. */
async function run(page: Page, name: string, script: string): Promise<void> {
  made.push(name);
  await runContainer(page, name, script, { limits: small });
}

const panel = (page: Page) => page.getByRole("region", { name: "Logs" });
const output = (page: Page) => panel(page).getByRole("log");
const status = (page: Page) => panel(page).getByRole("status");
/** The line with exactly these words. */
const line = (page: Page, words: string) => output(page).locator("[data-offset]").getByText(words, { exact: true });
const expression = (page: Page) => panel(page).getByLabel("Lines that match a regular expression");

async function top(line: Locator): Promise<number> {
  return (await line.boundingBox())?.y ?? Number.NaN;
}

async function openPage(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page);
  return page;
}

let page: Page;
test.beforeAll(async ({ browser }) => {
  page = await openPage(browser);
});
test.afterEach(async () => {
  for (const name of made.splice(0)) await removeContainer(page, name);
});
test.afterAll(async () => {
  await page.context().close();
});

test("a log holds still for whoever reads, and follows again", async () => {
  await run(page, "log-reader", "seq -f 'early %g' 1 400; i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.02; done");
  await page.goto("/containers/log-reader?tab=logs");
  await expect(status(page)).toHaveText("Live");
  await expect(line(page, "tick 3")).toBeVisible();
  await output(page).hover();
  await page.mouse.wheel(0, -3000);
  await expect(panel(page).getByRole("button", { name: /new lines$/ })).toBeVisible();
  const read = line(page, "early 380");
  const before = await top(read);
  await page.waitForTimeout(1500);
  expect(await top(read)).toBe(before);
  await panel(page)
    .getByRole("button", { name: /new lines$/ })
    .click();
  await expect(read).not.toBeInViewport();
  await expect(panel(page).getByRole("button", { name: /new lines$/ })).toHaveCount(0);
});

test("a million lines leave the page alive, and every one of them is in the log", async () => {
  await run(page, "log-flood", "seq 1 1000000; sleep 600");
  await page.goto("/containers/log-flood?tab=logs");
  await expect(line(page, "1000000")).toBeVisible({ timeout: 90_000 });
  expect(await output(page).locator("[data-offset]").count()).toBeLessThan(5_000);
  // Back through what has left the window: nothing is missing in between.
  await output(page).hover();
  for (let turn = 0; turn < 60; turn += 1) {
    await page.mouse.wheel(0, -4000);
    await page.waitForTimeout(30);
  }
  await expect(panel(page).getByRole("button", { name: "Follow" })).toBeVisible();
  const numbers = (await output(page).locator("[data-offset]").allTextContents()).map(Number);
  expect(numbers.length).toBeGreaterThan(1_500);
  for (const [index, value] of numbers.entries()) expect(value - index).toBe(numbers[0]);
});

test("lines are found, and shown among their neighbours", async () => {
  await run(page, "log-search", "for i in $(seq 1 3000); do echo line $i; done; echo needle; seq 1 50; sleep 600");
  await page.goto("/containers/log-search?tab=logs");
  await expect(line(page, "50")).toBeVisible();
  await expression(page).fill("^line 1(23|7)7$|NEEDLE");
  await expect(output(page).locator("[data-offset]")).toHaveText(["line 177", "line 1237", "needle"]);
  await expect(output(page).locator("mark")).toHaveText(["line 177", "line 1237", "needle"]);
  await panel(page).getByRole("button", { name: "Match case" }).click();
  await expect(output(page).locator("[data-offset]")).toHaveText(["line 177", "line 1237"]);
  await output(page).getByText("line 1237").hover();
  await panel(page).getByRole("button", { name: "Show this line among its neighbours" }).click();
  await expect(line(page, "line 1238")).toBeVisible();
  await expect(line(page, "line 1236")).toBeVisible();

  await expression(page).fill("(");
  await expect(panel(page).getByRole("alert")).toContainText("expression");
  await expression(page).fill("needle");
  await expect(output(page).locator("[data-offset]")).toHaveText(["needle"]);
});

test("an expression that never ends is stopped, and said so", async () => {
  await run(page, "log-slow", "printf 'a%.0s' $(seq 1 60); echo '!'; sleep 600");
  await page.goto("/containers/log-slow?tab=logs");
  await expect(line(page, `${"a".repeat(60)}!`)).toBeVisible();
  await expression(page).fill("^(a+)+$");
  await expect(panel(page).getByRole("alert")).toContainText(/long|slow|time/);
  await expect(status(page)).toHaveText("Stopped");
});

test("hostile output is text, errors are apart, and what was shown stays after the end", async () => {
  const script = `
    echo '<script>window.hacked = 1</script>'; printf '\\033[2J\\033]0;title\\007\\033[31mred\\033[0m plain\\n'
    echo oops >&2; sleep 5; echo last; exit 3`;
  await run(page, "log-hostile", script);
  await page.goto("/containers/log-hostile?tab=logs");
  await expect(output(page).getByText("<script>window.hacked = 1</script>")).toBeVisible();
  expect(await page.evaluate(() => "hacked" in window)).toBe(false);
  expect(await page.title()).not.toContain("title");
  const red = output(page).getByText("red", { exact: true });
  expect(await red.evaluate((element) => element.style.color)).toBe("var(--terminal-red)");
  await panel(page).getByLabel("Stream").selectOption("stderr");
  await expect(output(page).locator("[data-offset]")).toHaveText(["oops"]);
  await panel(page).getByLabel("Stream").selectOption("");
  await expect(output(page).getByText("last")).toBeVisible();
  await expect(status(page)).toHaveText("Ended");
  await expect(output(page).getByText("oops")).toBeVisible();
});

test("several logs are one, in order of time", async () => {
  await run(page, "log-one", "for i in 1 2 3; do echo one $i; sleep 0.4; done; sleep 600");
  await run(page, "log-two", "sleep 0.2; for i in 1 2 3; do echo two $i; sleep 0.4; done; sleep 600");
  await page.goto("/logs?containers=log-one,log-two");
  const lines = output(page).locator("[data-offset]");
  await expect(lines).toHaveCount(6);
  const texts = await lines.allTextContents();
  expect(texts.filter((text) => text.includes("log-one"))).toHaveLength(3);
  await panel(page).getByRole("button", { name: "Times" }).click();
  const times = await lines.locator("time").evaluateAll((all) => all.map((time) => time.getAttribute("datetime")));
  expect(times).toEqual([...times].sort());
  await page.getByRole("button", { name: "Leave log-two out" }).click();
  await expect(lines).toHaveCount(3);
  await expect(page).toHaveURL(/containers=log-one$/);
});
