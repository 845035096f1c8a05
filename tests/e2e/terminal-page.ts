import { expect, type Locator, type Page } from "@playwright/test";

/** A page's terminal, as a person uses it: typed at, and read from the screen. */
export class TerminalPage {
  readonly region: Locator;

  constructor(readonly page: Page) {
    this.region = page.getByRole("region", { name: "Terminal" });
  }

  /** Waits until the stream is live. */
  async live(): Promise<void> {
    await expect(this.region).toHaveAttribute("data-status", "live", { timeout: 60_000 });
  }

  /** What stands on the screen and in its scroll-back, without colours. */
  screen(): Promise<string> {
    return this.region.evaluate((element) => {
      const read = (element as HTMLElement & { readScreen?: () => string }).readScreen;
      if (!read) throw new Error("the terminal is not there yet");
      return read();
    });
  }

  /** Types a line at the prompt and presses Enter. */
  async type(line: string): Promise<void> {
    await this.region.getByRole("textbox").focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press("Enter");
  }

  /** Types a command and returns what it printed. A marker behind it tells where its output ends. */
  async run(command: string): Promise<string> {
    const marker = `end-${Math.random().toString(36).slice(2, 10)}`;
    await this.type(`${command}; echo ${marker.slice(0, 4)}''${marker.slice(4)}`);
    await expect.poll(() => this.screen(), { timeout: 60_000 }).toContain(`\n${marker}`);
    const screen = await this.screen();
    const end = screen.lastIndexOf(`\n${marker}`);
    const start = screen.lastIndexOf(`${marker.slice(0, 4)}''${marker.slice(4)}`, end);
    return screen.slice(screen.indexOf("\n", start) + 1, end);
  }
}
