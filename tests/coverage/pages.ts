import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from "@playwright/test";

/**
 * Has V8 count in every page that this process opens from now on, and writes what was counted before a page goes
 * elsewhere or closes: with a document its scripts are collected, and their counts.
 */
export function countPages(folder: string): void {
  const launch = chromium.launch.bind(chromium);
  chromium.launch = async (options) => {
    const browser = await launch(options);
    const pages = new Pages(folder);
    followBrowser(browser, pages);
    return browser;
  };
}

class Pages {
  readonly #sessions = new Map<Page, CDPSession>();
  #written = 0;

  constructor(readonly folder: string) {}

  async start(page: Page): Promise<void> {
    if (this.#sessions.has(page)) return;
    const session = await page.context().newCDPSession(page);
    this.#sessions.set(page, session);
    await session.send("Profiler.enable");
    await session.send("Profiler.startPreciseCoverage", { callCount: false, detailed: true });
  }

  /** Writes what was counted since the last time. */
  async write(page: Page): Promise<void> {
    const session = this.#sessions.get(page);
    if (!session) return;
    const { result } = await session.send("Profiler.takePreciseCoverage");
    const ours = result.filter(({ url }) => url.includes("/_next/static/"));
    const name = `${process.pid}-${Date.now()}-${this.#written++}.json`;
    writeFileSync(join(this.folder, name), JSON.stringify({ result: ours }));
  }

  /** A page that has closed by itself has nothing more to tell. */
  async finishAll(pages: readonly Page[]): Promise<void> {
    await Promise.allSettled(pages.map((page) => this.write(page)));
    for (const page of pages) this.#sessions.delete(page);
  }
}

function followBrowser(browser: Browser, pages: Pages): void {
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    followContext(context, pages);
    return context;
  };
  const close = browser.close.bind(browser);
  browser.close = async (options) => {
    await pages.finishAll(browser.contexts().flatMap((context) => context.pages()));
    await close(options);
  };
}

function followContext(context: BrowserContext, pages: Pages): void {
  const newPage = context.newPage.bind(context);
  context.newPage = async () => {
    const page = await newPage();
    await pages.start(page);
    followPage(page, pages);
    return page;
  };
  // Those that a page opens.
  context.on("page", (page) => void pages.start(page).catch(() => {}));
  const close = context.close.bind(context);
  context.close = async (options) => {
    await pages.finishAll(context.pages());
    await close(options);
  };
}

function followPage(page: Page, pages: Pages): void {
  const before = async () => void (await pages.write(page).catch(() => {}));
  const { goto, reload, goBack, goForward } = page;
  page.goto = (...to) => before().then(() => goto.apply(page, to));
  page.reload = (...how) => before().then(() => reload.apply(page, how));
  page.goBack = (...how) => before().then(() => goBack.apply(page, how));
  page.goForward = (...how) => before().then(() => goForward.apply(page, how));
  const close = page.close.bind(page);
  page.close = async (options) => {
    await pages.finishAll([page]);
    await close(options);
  };
}
