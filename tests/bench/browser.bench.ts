// What a person at a browser waits for, and what a page bears: against an instance of its own, in Debian's Chromium.
//   node --import tsx tests/bench/browser.bench.ts [MINUTES]    as root, after a build; the list is watched so long
import { type Browser, type CDPSession, chromium, type Page } from "@playwright/test";
import { type Instance, startInstance } from "../support/instance.ts";
import { until } from "../support/until.ts";
import { quantile, timeRow } from "./figures.ts";

const minutes = Number(process.argv[2] ?? 1);
const rounds = 15;
const listed = 500;
const running = 50;
const megabytes = 50;
const small = { memoryBytes: 64 * 1024 * 1024 };

/** Notes every long task of a page (over 50 ms, as browsers define it) from its first script on. */
async function openPage(browser: Browser, instance: Instance): Promise<Page> {
  const context = await browser.newContext({ baseURL: instance.url, viewport: { width: 1440, height: 900 } });
  const page = await context.newPage();
  // What tsx puts around functions with names must be there in the page too.
  await page.addInitScript("globalThis.__name = (value) => value;");
  await page.addInitScript(() => {
    const tasks: number[] = [];
    Object.assign(window, { __minirunTerminal: {}, longTasks: tasks });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) tasks.push(duration);
    }).observe({ entryTypes: ["longtask"] });
  });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Use the operator token" }).click();
  await page.getByLabel("Operator token").fill(instance.token);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.waitForURL((url) => url.pathname !== "/sign-in");
  return page;
}

const longTasks = (page: Page): Promise<number[]> =>
  page.evaluate(() => (window as unknown as { longTasks: number[] }).longTasks.splice(0));

/** Bytes of live objects, after a garbage collection. */
async function heap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

const inMegabytes = (bytes: number) => (bytes / 1e6).toFixed(1);

/** From the press of Start to the shell's prompt on the screen, as the page's own clock has it. */
async function startToPrompt(page: Page, { client }: Instance): Promise<number[]> {
  const params = { name: "prompt" };
  const command = ["/bin/sh"];
  await client.call("createContainer", { body: { ...params, command, env: { PS1: "ready> " }, limits: small } });
  await page.goto("/containers/prompt");
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const start = page.getByRole("button", { name: /^Start/ }).first();
    await start.waitFor();
    await page.waitForTimeout(1_000);
    await page.evaluate(() => {
      const state = window as unknown as { pressed: number; prompted: number };
      state.pressed = 0;
      state.prompted = 0;
      window.addEventListener("pointerdown", () => (state.pressed = performance.now()), { capture: true, once: true });
      const look = () => {
        const text = window.__minirunTerminal?.serialize?.() ?? "";
        if (state.pressed > 0 && /ready> *$/.test(text.trimEnd().slice(-20))) state.prompted = performance.now();
        else requestAnimationFrame(look);
      };
      look();
    });
    await start.click();
    await page.waitForFunction(() => (window as unknown as { prompted: number }).prompted > 0, null, { polling: 50 });
    samples.push(
      await page.evaluate(() => {
        const { pressed, prompted } = window as unknown as { pressed: number; prompted: number };
        return prompted - pressed;
      }),
    );
    await client.call("killContainer", { params });
  }
  await client.call("deleteContainer", { params, query: { force: true } });
  return samples;
}

interface Burden {
  "seconds it took": string;
  "longest task ms": string;
  "tasks over 100 ms": number;
  "heap MB": string;
  "answers a click in ms": string;
}

async function burden(page: Page, session: CDPSession, began: number, click: () => Promise<void>): Promise<Burden> {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const tasks = await longTasks(page);
  const clicked = performance.now();
  await click();
  const answered = performance.now() - clicked;
  return {
    "seconds it took": seconds,
    "longest task ms": Math.max(0, ...tasks).toFixed(0),
    "tasks over 100 ms": tasks.filter((duration) => duration > 100).length,
    "heap MB": inMegabytes(await heap(session)),
    "answers a click in ms": answered.toFixed(0),
  };
}

/** A list of 500 containers, 50 of which run, scrolled up and down for some minutes. */
async function longList(page: Page, session: CDPSession, { client }: Instance): Promise<Burden> {
  for (let number = 0; number < listed; number += 1) {
    const name = `many-${number}`;
    await client.call("createContainer", { body: { name, command: "sleep 36000", limits: small } });
    if (number < running) await client.call("startContainer", { params: { name } });
  }
  await page.goto("/containers");
  await page.getByText("many-499", { exact: true }).waitFor();
  await page.waitForTimeout(2_000);
  await longTasks(page);
  await page.mouse.move(700, 500);
  const began = performance.now();
  for (let turn = 0; performance.now() - began < minutes * 60_000; turn += 1) {
    await page.mouse.wheel(0, turn % 80 < 40 ? 700 : -700);
    await page.waitForTimeout(50);
  }
  return burden(page, session, began, async () => {
    await page.getByRole("link", { name: "System" }).click();
    await page.waitForURL("**/health");
  });
}

const flood = `head -c ${(megabytes * 1e6 * 3) / 4} /dev/urandom | base64`;

async function throughTerminal(page: Page, session: CDPSession, { client }: Instance): Promise<Burden> {
  const name = "terminal-flood";
  await client.call("createContainer", { body: { name, command: "/bin/bash", limits: { cpus: 1 } } });
  await client.call("startContainer", { params: { name } });
  await page.goto(`/containers/${name}`);
  const terminal = page.getByRole("region", { name: "Terminal" }).first();
  await terminal.getByRole("status", { name: "Terminal: Attached" }).first().waitFor();
  await terminal.getByRole("textbox").first().focus();
  await longTasks(page);
  const began = performance.now();
  await page.keyboard.type(`${flood}; echo flood-''over\n`);
  await screenShows(page, "flood-over");
  return burden(page, session, began, async () => {
    await page.keyboard.type("echo still-''here\n");
    await screenShows(page, "still-here");
  });
}

async function throughLogs(page: Page, session: CDPSession, { client }: Instance): Promise<Burden> {
  const name = "log-flood";
  const command = ["/bin/bash", "-c", `sleep 3; ${flood}; echo flood-over; sleep 600`];
  await client.call("createContainer", { body: { name, command, tty: false, limits: { cpus: 1 } } });
  await client.call("startContainer", { params: { name } });
  await page.goto(`/containers/${name}?tab=logs`);
  const logs = page.getByRole("region", { name: "Logs" });
  await logs.getByText("Live").waitFor();
  await longTasks(page);
  const began = performance.now();
  await logs.getByText("flood-over", { exact: true }).waitFor({ timeout: 180_000 });
  return burden(page, session, began, async () => {
    await logs.getByRole("button", { name: "Times" }).click();
    await logs.locator("time").first().waitFor();
  });
}

async function screenShows(page: Page, text: string): Promise<void> {
  const shown = () => page.evaluate(() => window.__minirunTerminal?.serialize?.().slice(-400) ?? "");
  await until(`the terminal shows ${text}`, async () => (await shown()).includes(text), { timeoutMs: 180_000 });
}

const instance = await startInstance();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-quic"],
});
try {
  const page = await openPage(browser, instance);
  const session = await page.context().newCDPSession(page);
  const samples = await startToPrompt(page, instance);
  console.table({ "Start pressed to prompt on the screen": timeRow(samples) });
  console.log(`fastest ${quantile(samples, 0).toFixed(0)} ms`);
  console.table({
    [`${megabytes} MB through the terminal`]: await throughTerminal(page, session, instance),
    [`${megabytes} MB through the log view`]: await throughLogs(page, session, instance),
    [`list of ${listed}, ${running} running, scrolled ${minutes} min`]: await longList(page, session, instance),
  });
} finally {
  await browser.close();
  for (const line of await instance.stop()) {
    console.error(`left behind: ${line}`);
    process.exitCode = 1;
  }
}
