import { expect, test } from "@playwright/test";
import { signIn } from "./sign-in.ts";
import { TerminalPage } from "./terminal-page.ts";

const folder = "test-results/pictures";
const sizes = [
  { label: "wide", width: 1440, height: 900 },
  { label: "narrow", width: 390, height: 844 },
];
const colorSchemes = ["light", "dark"] as const;

/** Every page at both widths and in both colours: nothing sticks out, and the pictures can be looked at. */
test("pages fit their window", async ({ browser }) => {
  test.setTimeout(400_000);
  const context = await browser.newContext();
  const page = await context.newPage();
  await TerminalPage.watch(page);
  await signIn(page);
  const headers = { origin: new URL(page.url()).origin };
  const made = [
    { name: "web-1", command: ["/bin/bash", "-l"] },
    {
      name: "ticker",
      command: ["/bin/bash", "-c", "for i in $(seq 1000); do echo line $i; sleep 1; done"],
      tty: false,
    },
    { name: "nightly-report", command: ["/bin/bash", "-c", "exit 3"] },
    {
      name: "memory-hog",
      command: ["/bin/bash", "-c", "head -c 128m /dev/zero | tail"],
      limits: { memoryBytes: 2 ** 25 },
    },
    { name: "spare", command: ["/bin/sleep", "inf"] },
  ];
  for (const container of made) {
    expect((await page.request.post("/api/v1/containers", { headers, data: container })).status()).toBe(201);
    if (container.name === "spare") continue;
    await page.request.post(`/api/v1/containers/${container.name}/start`, { headers });
  }
  await page.goto("/containers/web-1");
  const terminal = new TerminalPage(page);
  await terminal.live();
  for (const [command, answer] of [
    ["ps aux", /\d ps aux\n/],
    ["hostname", /\nweb-1\n/],
    ["ls /", /bin +dev +etc/],
    ["cat /sys/fs/cgroup/memory{/memory.limit_in_bytes,.max} 2>/dev/null", /\n536870912\n/],
  ] as const) {
    await terminal.type(command);
    await terminal.shows(answer);
  }

  const pages = {
    list: "/containers",
    create: "/new",
    terminal: "/containers/web-1",
    trace: "/containers/web-1?tab=trace",
    logs: "/containers/ticker?tab=logs",
    ended: "/containers/memory-hog",
    configuration: "/containers/web-1?tab=configuration",
    health: "/health",
    missing: "/containers/nobody",
  };
  for (const colorScheme of colorSchemes) {
    for (const { label, ...viewport } of sizes) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize(viewport);
      for (const [name, path] of Object.entries(pages)) {
        await page.goto(path);
        if (name === "terminal") await terminal.live();
        await page.waitForLoadState("load");
        await page.waitForTimeout(name === "terminal" || name === "ended" ? 800 : 400);
        await page.screenshot({ path: `${folder}/${name}-${label}-${colorScheme}.png` });
        const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        expect(overflow, `${path} at ${label}`).toBeLessThanOrEqual(0);
      }
    }
  }
  for (const { name } of made) await page.request.delete(`/api/v1/containers/${name}?force=true`, { headers });
  await context.close();
});
