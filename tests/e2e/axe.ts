import type { Page } from "@playwright/test";
import axe from "axe-core";

interface Look {
  /** A CSS selector. */
  within?: string;
  /** All of axe's own choice when left out. */
  rules?: string[];
}

/**
 * What axe finds wrong on a page: of each rule its name and the elements that break it. axe-core without its wrapper for
 * Playwright, which carries all that is right out of the browser as well and takes three times as long by that.
 */
export async function findViolations(page: Page, { within = "html", rules }: Look = {}): Promise<string[][]> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe.source);
  return page.evaluate(
    async ([within, rules]) => {
      const { axe: inPage } = window as unknown as { axe: typeof axe };
      const { violations } = await inPage.run(within, {
        resultTypes: ["violations"],
        ...(rules && { runOnly: { type: "rule", values: rules } }),
      });
      return violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]);
    },
    [within, rules] as const,
  );
}
