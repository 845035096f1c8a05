import { expect, type Locator, type Page } from "@playwright/test";

const escapeCharacter = String.fromCharCode(27);
const cursorForward = new RegExp(`${escapeCharacter}\\[(\\d*)C`, "g");
const controlSequence = new RegExp(`${escapeCharacter}\\[[0-9;?]*[A-Za-z]`, "g");

/** A page's terminal, as a person uses it: typed at, and read from the screen. */
export class TerminalPage {
  readonly region: Locator;

  constructor(readonly page: Page) {
    this.region = page.getByRole("region", { name: "Terminal" });
  }

  /** Has the page tell what its terminal shows; to be called before the page loads. */
  static async watch(page: Page): Promise<void> {
    await page.addInitScript(() => {
      window.__minirunTerminal = {};
    });
  }

  /** Waits until what is typed arrives. */
  async live(): Promise<void> {
    await expect(this.region.getByRole("status", { name: "Terminal: Attached" })).toBeVisible({ timeout: 60_000 });
  }

  /** What stands on the screen and in its scroll-back, a line a line, without colours. */
  async screen(): Promise<string> {
    const serialized = await this.page.evaluate(() => window.__minirunTerminal?.serialize?.() ?? "");
    return serialized
      .replace(cursorForward, (_, count) => " ".repeat(Number(count || 1)))
      .replace(controlSequence, "")
      .replaceAll("\r", "");
  }

  async size(): Promise<{ cols: number; rows: number } | undefined> {
    return this.page.evaluate(() => window.__minirunTerminal?.size?.());
  }

  /** Types a line at the prompt and presses Enter. */
  async type(line: string): Promise<void> {
    await this.region.getByRole("textbox", { name: "Terminal input" }).focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** Waits until this stands on the screen. */
  async shows(text: string | RegExp, timeout = 60_000): Promise<void> {
    const holds = (screen: string) => (typeof text === "string" ? screen.includes(text) : text.test(screen));
    await expect.poll(async () => holds(await this.screen()) || this.screen(), { timeout }).toBe(true);
  }

  /**
   * Types a command and returns what it printed. The marker that ends its output is typed with quotes in it, so that
   * the line that was typed does not match.
   */
  async run(command: string, timeout = 60_000): Promise<string> {
    const id = Math.random().toString(36).slice(2, 10);
    await this.type(`echo be''gin-${id}; ${command}; echo en''d-${id}`);
    await this.shows(new RegExp(`\\nend-${id}`), timeout);
    const screen = await this.screen();
    return screen
      .slice(screen.lastIndexOf(`\nbegin-${id}`), screen.lastIndexOf(`\nend-${id}`))
      .split("\n")
      .slice(2)
      .join("\n");
  }
}
