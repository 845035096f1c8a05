import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, type BrowserContext, type CDPSession, chromium, type Page } from "@playwright/test";

/**
 * Has V8 count in every page that this process opens from now on, and writes what was counted when pages close. The
 * counts of earlier documents of a page stay, as long as it is of one site.
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

  async finish(page: Page): Promise<void> {
    const session = this.#sessions.get(page);
    if (!session) return;
    this.#sessions.delete(page);
    const { result } = await session.send("Profiler.takePreciseCoverage");
    const ours = result.filter(({ url }) => url.includes("/_next/static/"));
    const name = `${process.pid}-${Date.now()}-${this.#written++}.json`;
    writeFileSync(join(this.folder, name), JSON.stringify({ result: ours }));
  }

  /** A page that has closed by itself has nothing more to tell. */
  async finishAll(pages: readonly Page[]): Promise<void> {
    await Promise.allSettled(pages.map((page) => this.finish(page)));
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
  const close = page.close.bind(page);
  page.close = async (options) => {
    await pages.finishAll([page]);
    await close(options);
  };
}
