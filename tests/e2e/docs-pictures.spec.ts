import { expect, test } from "@playwright/test";
import { removeContainer, runContainer, signInByApi } from "./real-containers.ts";

/** Where the documentation has its pictures; only a run that is asked to makes them anew. */
const folder = process.env.MINIRUN_PICTURES ? "docs/images" : "test-results/pictures";

const scripts = {
  shop: "(while :; do head -c 9000000 /dev/urandom | gzip > /tmp/cache; sleep 0.$((RANDOM % 9)); done) & sleep inf & wait",
  reports: "(while :; do head -c 2000000 /dev/urandom | sort > /tmp/sorted; sleep 1; done) & wait",
  mail: "while :; do head -c 500000 /dev/urandom | md5sum > /tmp/sum; sleep 2; done",
};

test("pictures of what containers use, run and hold", async ({ browser }) => {
  test.setTimeout(180_000);
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: "dark" });
  const page = await context.newPage();
  await signInByApi(page);
  for (const [name, script] of Object.entries(scripts)) await runContainer(page, name, script);
  await page.goto("/containers/shop?tab=statistics");
  await expect(page.getByRole("img", { name: /^CPU: / })).toBeVisible();
  // Charts of a container that has just begun are empty.
  if (process.env.MINIRUN_PICTURES) await page.waitForTimeout(75_000);
  const pages = {
    statistics: null,
    fleet: "/statistics",
    processes: "/containers/shop?tab=processes",
    files: "/containers/shop?tab=files&path=/etc",
    kernel: "/containers/shop?tab=kernel",
  };
  for (const [name, address] of Object.entries(pages)) {
    if (address) await page.goto(address);
    await expect(page.getByRole("status", { name: /^(Loading|Asking)/ })).toHaveCount(0);
    await page.waitForTimeout(process.env.MINIRUN_PICTURES ? 4_000 : 300);
    await page.screenshot({ path: `${folder}/${name}.png`, fullPage: name === "kernel" });
  }
  for (const name of Object.keys(scripts)) await removeContainer(page, name);
  await context.close();
});
