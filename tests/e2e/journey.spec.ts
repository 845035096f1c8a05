import { expect, type Page, test } from "@playwright/test";
import { given } from "./sign-in.ts";
import { TerminalPage } from "./terminal-page.ts";

test.describe.configure({ mode: "serial" });

const name = `journey-${process.pid}`;
let page: Page;
let terminal: TerminalPage;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await TerminalPage.watch(page);
  terminal = new TerminalPage(page);
});

test.afterAll(async () => {
  await page.context().close();
});

test("signs in with the one-time link", async () => {
  await page.goto(given("LINK"));
  await expect(page).toHaveURL(/^[^?]*\/$/);
  expect(page.url()).not.toContain("code=");
});

test("the link works only once", async ({ browser }) => {
  const other = await browser.newPage();
  await other.goto(given("LINK"));
  await expect(other.getByText(/does not work/i)).toBeVisible();
  await other.close();
});

test("creates a container through the form and comes to its shell", async () => {
  await page.goto("/new");
  await page.getByLabel("Name", { exact: true }).fill("Not A Name");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText(/must start with a lower-case letter/)).toBeVisible();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/containers/${name}`));
  await page.getByRole("region", { name: "Terminal" }).getByRole("button", { name: "Start container" }).click();
  await terminal.live();
  await terminal.shows(`root@${name}`);
});

test("its shell is PID 1 and sees no process of the host", async () => {
  const processes = await terminal.run("ps aux");
  const rows = processes.split("\n").filter((line) => /^\S+\s+\d+\s/.test(line));
  expect(rows[0]).toMatch(/^root\s+1\s.*bash/);
  expect(rows.length).toBeLessThan(5);
  expect(processes).not.toMatch(/node|postgres|chromium|minirun-shim/);
  expect((await terminal.run("hostname")).trim()).toBe(name);
});

test("a reload finds the screen again", async () => {
  await terminal.run("echo still-''here");
  await page.reload();
  await terminal.live();
  await terminal.shows("still-here");
  expect((await terminal.run("echo and-''on")).trim()).toBe("and-on");
});

test("a second page watches and types on the same terminal", async () => {
  const second = await page.context().newPage();
  await TerminalPage.watch(second);
  await second.goto(`/containers/${name}`);
  const other = new TerminalPage(second);
  await other.live();
  await other.shows("and-on");
  await other.run("echo from-''the-second");
  await terminal.shows("from-the-second");
  await second.close();
});

test("resizing the window resizes the terminal", async () => {
  const before = await terminal.size();
  await page.setViewportSize({ width: 1000, height: 700 });
  await expect.poll(async () => (await terminal.size())?.cols).not.toBe(before?.cols);
  const size = await terminal.size();
  expect((await terminal.run("stty size")).trim()).toBe(`${size?.rows} ${size?.cols}`);
  await page.setViewportSize({ width: 1440, height: 900 });
});

test("a flood of two million lines leaves it usable", async () => {
  await terminal.type("seq 1 2000000");
  await terminal.shows(/\n2000000\n/, 150_000);
  expect((await terminal.run("echo alive-''still")).trim()).toBe("alive-still");
});

test("the page says how the container ended, and starts it again", async () => {
  await terminal.type("exit 3");
  await expect(terminal.region.getByText(/exited|ended|code 3/i).first()).toBeVisible();
  await terminal.region.getByRole("button", { name: "Start again" }).click();
  await terminal.live();
  expect((await terminal.run("echo a''gain")).trim()).toBe("again");
});

test("the trace shows the calls of the start", async () => {
  await page.goto(`/containers/${name}?tab=trace`);
  const trace = page.getByRole("region", { name: "Start trace" });
  await expect(trace.getByText("clone3").first()).toBeVisible();
  await expect(trace.getByText("pivot_root").first()).toBeVisible();
});

test("the list follows what happens elsewhere", async () => {
  await page.goto("/containers");
  const row = page.getByRole("row", { name: new RegExp(name) });
  await expect(row).toContainText(/running/i);
  const response = await page.request.post(`/api/v1/containers/${name}/kill`, { headers: { origin: origin() } });
  expect(response.status()).toBe(200);
  await expect(row).toContainText(/exited|killed/i);
  await page.request.delete(`/api/v1/containers/${name}`, { headers: { origin: origin() } });
  await expect(row).toHaveCount(0);
});

test("signing out closes the door", async () => {
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await page.goto("/containers");
  await expect(page).toHaveURL(/\/sign-in/);
});

function origin(): string {
  return new URL(given("URL")).origin;
}
