import { expect, type Page, test } from "@playwright/test";
import { callApi, signInByApi } from "./real-containers.ts";
import { TerminalPage } from "./terminal-page.ts";

/** Where the documentation has its pictures; only a run that is asked to makes them anew. */
const folder = process.env.MINIRUN_PICTURES ? "docs/images" : "test-results/pictures";

let page: Page;

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  await TerminalPage.watch(page);
  await signInByApi(page);
});
test.afterAll(async () => {
  await callApi(page, "DELETE", "/labs/fork/run");
  await page.context().close();
});

const task = (title: string) => page.getByRole("listitem").filter({ hasText: title });

test("a lab is read, run and done, and nothing of it is left", async () => {
  await page.goto("/labs");
  await page.getByRole("link", { name: /fork against clone/ }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("fork against clone");
  const note = page.getByRole("complementary").filter({ hasText: "A thread" }).or(page.getByText("returns twice"));
  await expect(note.first()).toBeVisible();

  await page.getByRole("button", { name: "Run", exact: true }).click();
  const terminal = new TerminalPage(page);
  await terminal.shows("my host name is still lab");
  await expect(page.getByText("0 of 3 done")).toBeVisible();
  await task("Leave a zombie").getByText("How to do it").click();
  await page.getByRole("button", { name: "Put into the terminal: fork zombie" }).click();
  await page.keyboard.press("Enter");
  await expect(task("Leave a zombie")).toHaveAttribute("data-done", "true");
  await expect(task("Leave a zombie")).toContainText("So it is at this moment");
  await page.screenshot({ path: `${folder}/lab.png` });

  // The run outlives the page, and so does what was done in it.
  await page.reload();
  await terminal.shows("is a zombie");
  await expect(page.getByText("1 of 3 done")).toBeVisible();
  await page.getByRole("button", { name: "End" }).click();
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeVisible();
  const { items } = await callApi<{ items: unknown[] }>(page, "GET", "/containers?search=lab");
  expect(items).toEqual([]);
});

test("a run that ends elsewhere is told, and can be run again", async () => {
  await page.goto("/labs/fork");
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await new TerminalPage(page).shows("my host name is still lab");
  await callApi(page, "DELETE", "/labs/fork/run");
  await expect(page.getByText("The lab has ended")).toBeVisible();
  await page.getByRole("button", { name: "Run again" }).click();
  await new TerminalPage(page).shows("my host name is still lab");
});

test("the System page says of this host what doctor says", async () => {
  type Report = { findings: { name: string; group: string; there: boolean; found: string }[] };
  const { findings } = await callApi<Report>(page, "GET", "/host");
  await page.goto("/health");
  const card = page.getByRole("region", { name: "What this host offers" });
  const there = findings.filter((finding) => finding.there).length;
  await expect(card).toContainText(`${there} of ${findings.length} features are there`);
  const pid = findings.find(({ name }) => name === "PID namespaces");
  await card.getByText("Namespaces", { exact: true }).click();
  await expect(card).toContainText(pid?.found ?? "no such finding");
  await page.screenshot({ path: `${folder}/system.png`, fullPage: true });
});
