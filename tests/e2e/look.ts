import { expect, type Page } from "@playwright/test";
import { findViolations } from "./axe.ts";

export const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

/** The widths at which pages are looked at. */
export const widths = [
  { label: "wide", ...wide },
  { label: "narrow", ...narrow },
] as const;
export const colorSchemes = ["light", "dark"] as const;

/** For what is compared with the machine: each width and each colour once. */
export const comparedLooks = [
  { label: "wide and light", colorScheme: "light", ...wide },
  { label: "narrow and dark", colorScheme: "dark", ...narrow },
] as const;

interface Look {
  name: string;
  width: string;
  colorScheme: (typeof colorSchemes)[number];
  /** A CSS selector: where axe looks. */
  within?: string;
  /** Those of axe's rules that are tried; all when left out. */
  rules?: string[];
}

/**
 * Looks at a page as it is: nothing sticks out, axe finds nothing. With MINIRUN_PICTURES a picture of it lies in
 * test-results/pictures.
 */
export async function lookAt(shown: Page, { name, width, colorScheme, within, rules }: Look): Promise<void> {
  await shown.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  if (process.env.MINIRUN_PICTURES) {
    const path = `test-results/pictures/${name}-${width}-${colorScheme}.png`;
    await shown.screenshot({ path, animations: "disabled" });
  }
  const overflow = await shown.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect.soft(overflow, `${name} sticks out, ${width}`).toBeLessThanOrEqual(0);
  const found = await findViolations(shown, { ...(within && { within }), ...(rules && { rules }) });
  expect.soft(found, `${name}, ${width}, ${colorScheme}`).toEqual([]);
}
