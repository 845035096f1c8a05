import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";

test("pictures", async ({ browser }) => {
  const context = await browser.newContext({ reducedMotion: "reduce" });
  const page = await context.newPage();
  await signInByApi(page);
  await runContainer(
    page,
    "look-1",
    "(while :; do head -c 3000000 /dev/zero | md5sum > /tmp/sum; sleep 0.2; done) & (sleep 1000 & sleep 1001 & wait) & python3 -m http.server 8000 & wait",
  );
  for (const [label, width, height] of [
    ["wide", 1440, 900],
    ["narrow", 390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
      await page.goto("/containers/look-1?tab=kernel");
      await expect(page.getByRole("region", { name: "Namespaces" })).toBeVisible();
      await expect(page.getByRole("region", { name: "System calls" })).toBeVisible();
      await page.waitForTimeout(2500);
      if (colorScheme === "dark") {
        for (const button of await page.getByRole("button", { name: "By hand" }).all()) await button.click();
      } else
        await page
          .getByRole("button", { name: /^Try it/ })
          .first()
          .click();
      await page.waitForTimeout(1000);
      const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
      expect
        .soft(
          violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
          `${label} ${colorScheme}`,
        )
        .toEqual([]);
      expect
        .soft(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth))
        .toBeLessThanOrEqual(0);
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.waitForTimeout(300);
      await page.screenshot({ path: `test-results/look/kernel-${label}-${colorScheme}.png`, fullPage: true });
      for (let at = 0; at < 4; at++) {
        await page.evaluate((y) => window.scrollTo(0, y), at * (height - 100));
        await page.screenshot({ path: `test-results/look/part-${label}-${colorScheme}-${at}.png` });
      }
    }
  }
  await callApi(page, "POST", "/containers/look-1/kill");
  await expect(page.getByText("Past: this is what the kernel held last")).toBeVisible();
  await page.screenshot({ path: "test-results/look/kernel-past.png" });
  await page.reload();
  await page.waitForTimeout(1500);
  await page.screenshot({ path: "test-results/look/kernel-none.png" });
  await removeContainer(page, "look-1");
  await context.close();
});
