import { createHash } from "node:crypto";
import { type BrowserContext, expect, type Page, test, type WebSocketRoute } from "@playwright/test";
import { findViolations } from "./axe.ts";
import { given, signIn } from "./sign-in.ts";
import { TerminalPage } from "./terminal-page.ts";

const name = `term-${process.pid}`;
const pasteBytes = 5 * 1024 * 1024;
const headers = () => ({ authorization: `Bearer ${given("TOKEN")}` });

let context: BrowserContext;
let page: Page;
let terminal: TerminalPage;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ permissions: ["clipboard-read", "clipboard-write"] });
  page = await context.newPage();
  await TerminalPage.watch(page);
  terminal = new TerminalPage(page);
  await signIn(page);
  const container = { name, command: ["/bin/bash", "-l"], limits: { cpus: 1 } };
  expect((await page.request.post("/api/v1/containers", { headers: headers(), data: container })).status()).toBe(201);
  expect((await page.request.post(`/api/v1/containers/${name}/start`, { headers: headers() })).status()).toBe(200);
  await page.goto(`/containers/${name}`);
  await terminal.live();
});
test.afterAll(async () => {
  await page.request.delete(`/api/v1/containers/${name}?force=true`, { headers: headers() });
  await context.close();
});

const tabs = () => terminal.region.getByRole("tab");
const shown = (count: number) =>
  expect(terminal.region.getByRole("textbox", { name: "Terminal input" })).toHaveCount(count);

/** Types at the pane that has the focus, and waits for what its screen then shows. */
async function typeHere(line: string, answer: RegExp): Promise<void> {
  await expect(terminal.region.getByRole("status", { name: "Terminal: Attached" })).toBeVisible();
  await page.keyboard.type(`${line}\n`);
  await terminal.shows(answer);
}

test.describe("tabs and splits", () => {
  test.describe.configure({ mode: "serial" });

  test("opens shells in tabs and splits, by mouse and by keys", async () => {
    await terminal.region.getByRole("button", { name: /^New shell/ }).click();
    await page.getByRole("menuitem", { name: "/bin/bash", exact: true }).click();
    await expect(tabs()).toHaveCount(2);
    await typeHere("echo tab-''two $$", /\ntab-two (?!1\n)\d+/);
    await page.keyboard.press("Control+Shift+D");
    await shown(2);
    await typeHere("echo si''de", /\nside/);
    await page.keyboard.press("Control+Shift+E");
    await shown(3);
    await typeHere("echo be''low", /\nbelow/);
    await page.keyboard.press("Control+Shift+ArrowLeft");
    await terminal.shows("tab-two");
    await page.keyboard.press("Control+Shift+Digit1");
    await shown(1);
  });

  test("borders of panes move by keys", async () => {
    await tabs().nth(1).click();
    const border = terminal.region.getByRole("separator", { name: "Width of the panes" });
    await border.focus();
    const before = await terminal.size();
    await page.keyboard.press("ArrowRight");
    await expect(border).toHaveAttribute("aria-valuenow", "55");
    await expect.poll(async () => (await terminal.size())?.cols).toBeGreaterThan(before?.cols ?? 0);
  });

  test("a reload finds tabs, splits and what runs in them again", async () => {
    await page.reload();
    await expect(tabs()).toHaveCount(2);
    await shown(3);
    await terminal.shows("tab-two");
  });

  test("closing asks; what is kept running is offered again, what is ended is gone", async () => {
    await page.keyboard.press("Control+Shift+X");
    await page.getByRole("dialog").getByRole("button", { name: "Close, keep running" }).click();
    await shown(2);
    await terminal.region.getByRole("button", { name: "New shell; 1 running already" }).click();
    await page.getByRole("menuitem", { name: "Return to bash" }).click();
    await expect(tabs()).toHaveCount(3);
    await terminal.shows("tab-two");
    await page.keyboard.press("Control+Shift+X");
    await page.getByRole("dialog").getByRole("button", { name: "End it" }).click();
    await expect(tabs()).toHaveCount(2);
    const running = async () => {
      const answer = await page.request.get(`/api/v1/containers/${name}/sessions`, { headers: headers() });
      const { items } = await answer.json();
      return items.filter(({ mode, state }: { mode: string; state: string }) => mode === "exec" && state === "running")
        .length;
    };
    await expect.poll(running).toBe(2);
  });

  test("a shell that ends says how, and leads on", async () => {
    await tabs().nth(1).click();
    await typeHere("exit 7", /ended: exit code 7/);
    await expect(terminal.region.getByText("ended: exit code 7")).toBeVisible();
    await terminal.region.getByRole("button", { name: "Close", exact: true }).click();
    await shown(1);
  });
});

test("runs any command as any user, and says why one cannot be run", async () => {
  const ask = async (command: string) => {
    await terminal.region.getByRole("button", { name: /^New shell/ }).click();
    await page.getByRole("menuitem", { name: "Another command…" }).click();
    await page.getByLabel("Command", { exact: true }).fill(command);
    await page.getByLabel("User", { exact: true }).fill("nobody");
    await page.getByRole("button", { name: "Run", exact: true }).click();
  };
  await ask("/bin/no-such-program");
  await expect(page.getByRole("dialog").getByText(/no-such-program/)).toBeVisible();
  await page.keyboard.press("Escape");
  await ask("sh -c 'id -un; exec cat'");
  await terminal.shows(/nobody/);
  await page.keyboard.press("Control+Shift+X");
  await page.getByRole("button", { name: "End it" }).click();
});

test("finds text and counts it", async () => {
  await tabs().first().click();
  await terminal.run("for i in 1 2 3; do echo need''le $i; done");
  await page.keyboard.press("Control+Shift+F");
  await page.getByLabel("Find in the terminal").fill("needle");
  await expect(page.getByText(/^\d of 3$/)).toBeVisible();
  await page.keyboard.press("Enter");
  await page.getByLabel("Find in the terminal").fill("NEEDLE");
  await page.getByRole("button", { name: "Match case" }).click();
  await expect(page.getByText("none", { exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("a paste of 5 MB arrives whole", async () => {
  const line = `${"0123456789abcdef".repeat(8)}\n`;
  const text = line.repeat(Math.ceil(pasteBytes / line.length)).slice(0, pasteBytes - 1);
  const whole = `${text}\n`;
  await terminal.type(`stty -echo; head -c ${whole.length} | sha256sum; stty echo`);
  await page.waitForTimeout(500);
  await page.evaluate((value) => navigator.clipboard.writeText(value), whole);
  await terminal.region.getByRole("textbox", { name: "Terminal input" }).focus();
  await page.keyboard.press("Control+Shift+V");
  await terminal.shows(createHash("sha256").update(whole).digest("hex"), 120_000);
  expect((await terminal.run("echo af''ter")).trim()).toBe("after");
});

test("copies what is selected", async () => {
  await terminal.run("clear; echo co''py-me");
  const box = await terminal.region.locator("[data-terminal] .xterm-screen").first().boundingBox();
  if (!box) throw new Error("there is no screen");
  const rows = (await terminal.screen()).split("\n");
  const row = rows.findIndex((text) => text.startsWith("copy-me"));
  await page.mouse.dblclick(box.x + 20, box.y + (row + 0.5) * (box.height / ((await terminal.size())?.rows ?? 1)));
  await page.keyboard.press("Control+Shift+C");
  await expect.poll(() => page.evaluate(() => navigator.clipboard.readText())).toContain("copy");
});

test("a lost connection comes back by itself, shows every byte once, and asks about what was typed meanwhile", async () => {
  const open: WebSocketRoute[] = [];
  let away = false;
  const second = await context.newPage();
  await TerminalPage.watch(second);
  await second.routeWebSocket(/\/api\/v1\/sessions\//, (socket) => {
    if (away) return void socket.close();
    open.push(socket);
    socket.connectToServer();
  });
  await second.goto(`/containers/${name}`);
  const other = new TerminalPage(second);
  await other.live();
  await other.type("for i in $(seq 60); do echo count $i; sleep 0.1; done");
  await other.shows("count 5");
  away = true;
  for (const socket of open) await socket.close();
  // The shell in the other tab says the same, behind this one.
  const own = other.region.getByRole("group", { name: "The container's own terminal" });
  await expect(own.getByText("The connection broke")).toBeVisible();
  await second.keyboard.type("echo wait''ed");
  await second.waitForTimeout(1_000);
  away = false;
  await other.live();
  await other.shows("count 60");
  const counts = (await other.screen()).match(/^count \d+$/gm) ?? [];
  expect(counts).toEqual(Array.from({ length: 60 }, (_, index) => `count ${index + 1}`));
  await expect(own.getByText("Not sent:")).toBeVisible();
  await own.getByRole("button", { name: "Send now" }).click();
  await other.region.getByRole("textbox", { name: "Terminal input" }).focus();
  await second.keyboard.press("Enter");
  await other.shows("\nwaited");
  await second.close();
});

test("two pages on one terminal answer a query once", async () => {
  const second = await context.newPage();
  await second.goto(`/containers/${name}`);
  await new TerminalPage(second).live();
  await second.waitForTimeout(500);
  await page.bringToFront();
  const ask = "printf '\\033[c'; read -rs -t 1 -d c; read -rs -t 1 -d c second; echo \"second:$second.\"";
  expect(await terminal.run(ask)).toContain("second:.");
  await second.close();
});

test("settings are kept: size, colours, cursor", async () => {
  const before = await terminal.size();
  await terminal.region.getByRole("textbox", { name: "Terminal input" }).focus();
  await page.keyboard.press("Control+=");
  await expect.poll(async () => (await terminal.size())?.cols).toBeLessThan(before?.cols ?? 0);
  await terminal.region.getByRole("button", { name: "Terminal settings" }).click();
  await page.getByText("Nord").click();
  await page.reload();
  await terminal.live();
  await terminal.region.getByRole("button", { name: "Terminal settings" }).click();
  await expect(page.getByRole("radio", { name: "Nord" })).toBeChecked();
  await page.getByText("Like the page").click();
  await page.getByRole("button", { name: "As fits the window" }).click();
  await page.keyboard.press("Escape");
});

test("is shared by a link with whoever has it, to watch, until that is ended", async ({ browser }) => {
  await terminal.region.getByRole("button", { name: "Share" }).click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("Link to watch").inputValue();
  const stranger = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const watching = await stranger.newPage();
  await TerminalPage.watch(watching);
  await watching.goto(link);
  await expect(watching.getByText("Watching live")).toBeVisible();
  await page.getByRole("button", { name: "Close", exact: true }).click();
  await terminal.type("echo for-''watchers");
  const watched = new TerminalPage(watching);
  await watched.shows("for-watchers");
  const { width, height } = page.viewportSize() ?? { width: 1280, height: 720 };
  const before = await terminal.size();
  await page.setViewportSize({ width: width - 300, height });
  await expect.poll(() => terminal.size()).not.toEqual(before);
  await expect.poll(() => watched.size()).toEqual(await terminal.size());
  await page.setViewportSize({ width, height });
  await watching.keyboard.type("intruder\n");
  expect(await findViolations(watching)).toEqual([]);
  await terminal.region.getByRole("button", { name: "Shared: manage" }).click();
  await page.getByRole("button", { name: "Stop sharing" }).click();
  await expect(watching.getByText("Sharing has ended")).toBeVisible();
  expect(await terminal.screen()).not.toContain("intruder");
  await watching.goto(link);
  await watching.reload();
  await expect(watching.getByText("This link does not work")).toBeVisible();
  await stranger.close();
});

test("what was shown is replayed, and can be downloaded", async () => {
  await page.goto(`/containers/${name}`);
  await terminal.live();
  await terminal.run("echo for-''later");
  await page.goto(`/containers/${name}/recordings`);
  await page.getByRole("button", { name: "Play The container's own terminal" }).click();
  const replay = page.getByRole("region", { name: "Replay" });
  await expect(replay.getByRole("button", { name: "Pause" })).toBeVisible();
  await replay.focus();
  await page.keyboard.press("End");
  await terminal.shows("for-later");
  await page.keyboard.press("Home");
  await expect.poll(() => terminal.screen()).not.toContain("for-later");
  await page.keyboard.press("5");
  await expect(replay.getByLabel("Position")).not.toHaveValue("0");
  expect(await findViolations(page)).toEqual([]);
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download The container's own terminal" }).click();
  expect((await download).suggestedFilename()).toMatch(/\.cast$/);
});

test("its keys are there for a finger, and nothing is out of reach", async ({ browser }) => {
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  const small = await phone.newPage();
  await TerminalPage.watch(small);
  await signIn(small);
  await small.goto(`/containers/${name}`);
  const touched = new TerminalPage(small);
  await touched.live();
  await touched.region.getByRole("textbox", { name: "Terminal input" }).focus();
  await small.keyboard.type("sleep 500\n");
  await small.waitForTimeout(300);
  const keys = touched.region.getByRole("toolbar", { name: "Keys" });
  await keys.getByRole("button", { name: "Ctrl" }).tap();
  await small.keyboard.type("c");
  await touched.shows("^C");
  await small.keyboard.type("echo on''ce\n");
  await touched.shows(/\nonce/);
  await keys.getByRole("button", { name: "Up", exact: true }).tap();
  await touched.shows(/echo on''ce.*echo on''ce/s);
  await small.keyboard.press("Control+c");
  for (const key of await keys.getByRole("button").all()) {
    const box = await key.boundingBox();
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40);
  }
  await phone.close();
});
