import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { colorSchemes, lookAt, wide, widths } from "./look.ts";
import { callApi, removeContainer, signInByApi } from "./real-containers.ts";
import { TerminalPage } from "./terminal-page.ts";

/**
 * Every page with something on it, wide and narrow, light and dark: nothing sticks out, axe finds nothing. With
 * MINIRUN_PICTURES a picture of each lies in test-results/pictures to be looked at.
 */
const shell =
  "for i in $(seq 1 40); do printf '\\033[32mINFO\\033[0m GET /api/orders/%d\\n' $i; done; echo refused >&2; sleep 600";
const busy = "sleep 1000 & while :; do head -c 3000000 /dev/zero | md5sum > /tmp/sum; sleep 0.3; done";
const script = (text: string) => ({ command: ["/bin/bash", "-c", text], tty: false, limits: { memoryBytes: 2 ** 26 } });
const containers = [
  { name: "looks-shell", command: ["/bin/bash", "-l"], labels: { app: "shop" } },
  { name: "looks-busy", ...script(busy) },
  { name: "looks-logs", ...script(shell) },
  { name: "looks-hog", ...script("head -c 128m /dev/zero | tail"), limits: { memoryBytes: 2 ** 25 } },
  { name: "looks-lost-command", command: ["/no/such/program"] },
  { name: "looks-spare", command: ["/bin/sleep", "inf"] },
];

const tokens = [
  ["deploy", "operator"],
  ["prometheus", "viewer"],
];

const container = (name: string, tab?: string) => `/containers/looks-${name}${tab ? `?tab=${tab}` : ""}`;
const pages: Record<string, string> = {
  overview: "/",
  list: "/containers",
  "no-match": "/containers?search=nobody-has-this-name",
  create: "/new",
  edit: `${container("spare")}/edit`,
  reference: "/reference#createContainer",
  system: "/health",
  tokens: "/settings/tokens",
  audit: "/audit",
  "no-audit": "/audit?text=nobody-has-this-name",
  labs: "/labs",
  lab: "/labs/chroot",
  "merged-logs": "/logs?containers=looks-logs,looks-busy",
  fleet: "/statistics",
  missing: "/containers/nobody-has-this-name",
  terminal: container("shell"),
  ended: container("hog"),
  trace: container("shell", "trace"),
  "end-trace": `${container("hog", "trace")}&start=end`,
  "failed-trace": container("lost-command", "trace"),
  kernel: container("busy", "kernel"),
  "kernel-of-none": container("spare", "kernel"),
  logs: container("logs", "logs"),
  statistics: container("busy", "statistics"),
  processes: container("busy", "processes"),
  files: container("busy", "files"),
  file: `${container("busy", "files")}&path=/etc/passwd`,
  configuration: container("busy", "configuration"),
  activity: container("lost-command", "activity"),
  recordings: `${container("shell")}/recordings`,
};

let context: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  context = await browser.newContext({ reducedMotion: "reduce", viewport: wide });
  page = await context.newPage();
  await TerminalPage.watch(page);
  await signInByApi(page);
  for (const body of containers) await callApi(page, "POST", "/containers", body);
  for (const [name, role] of tokens) await callApi(page, "POST", "/tokens", { name, role });
  const [broken, spare] = ["looks-lost-command", "looks-spare"];
  for (const { name } of containers) {
    if (name !== broken && name !== spare) await callApi(page, "POST", `/containers/${name}/start`);
  }
  await expect(callApi(page, "POST", `/containers/${broken}/start`)).rejects.toThrow(/no\/such\/program/);
  pages["compared-traces"] = `${container("logs", "trace")}&beside=${await startAgain("looks-logs", 2 ** 27)}`;
});
test.afterAll(async () => {
  for (const { name } of containers) await removeContainer(page, name);
  await context.close();
});

/** Starts a container again with another memory limit; answers the operation of the start before. */
async function startAgain(name: string, memoryBytes: number): Promise<string> {
  await callApi(page, "PATCH", `/containers/${name}`, { limits: { memoryBytes } });
  await callApi(page, "POST", `/containers/${name}/restart`, { timeoutSeconds: 0 });
  const list = () =>
    callApi<{ items: { operationId: string; verb: string }[] }>(page, "GET", `/containers/${name}/traces`);
  await expect.poll(async () => (await list()).items.length).toBe(2);
  return (await list()).items.find(({ verb }) => verb === "start")?.operationId ?? "";
}

/** Waits until a page has its data: nothing that only holds a place is left, and what was drawn late stands. */
async function settle(shown: Page): Promise<void> {
  await expect(shown.getByRole("status", { name: /^(Loading|Asking)/ })).toHaveCount(0);
  await expect(shown.locator(".animate-pulse-soft")).toHaveCount(0);
  await shown.waitForTimeout(300);
}

/** Looks at it wide and narrow, in both colours. All but contrast is the same in the dark, so axe looks at that alone there. */
async function looksRight(shown: Page, name: string, within = "html"): Promise<void> {
  for (const { label: width, ...viewport } of widths) {
    await shown.setViewportSize(viewport);
    await settle(shown);
    for (const colorScheme of colorSchemes) {
      await lookAt(shown, {
        name,
        width,
        colorScheme,
        within,
        ...(colorScheme === "dark" && { rules: ["color-contrast"] }),
      });
    }
  }
  await shown.setViewportSize(wide);
}

test("every page looks right and can be used by everyone", async () => {
  test.setTimeout(600_000);
  for (const [name, path] of Object.entries(pages)) {
    await page.goto(path);
    if (path === container("shell")) await new TerminalPage(page).live();
    await looksRight(page, name);
  }
});

test("so do palette and replay, and the pages of those who are not signed in", async ({ browser }) => {
  await page.goto(container("shell"));
  await new TerminalPage(page).live();
  const { items } = await callApi<{ items: { sessionId: string }[] }>(page, "GET", "/containers/looks-shell/sessions");
  const share = await callApi<{ path: string }>(page, "POST", `/sessions/${items[0]?.sessionId}/shares`, {
    minutes: 15,
  });
  await page.goto("/containers");
  await settle(page);
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog").getByRole("combobox")).toBeFocused();
  await looksRight(page, "palette", "[role=dialog]");
  await page.goto(`${container("shell")}/recordings`);
  await page.getByRole("button", { name: "Play The container's own terminal" }).click();
  await expect(page.getByRole("region", { name: "Replay" }).getByRole("button", { name: "Pause" })).toBeVisible();
  await looksRight(page, "replay");

  const stranger = await browser.newContext({ viewport: wide });
  const strange = await stranger.newPage();
  await strange.goto("/sign-in");
  await expect(strange.getByLabel("E-mail address")).toBeVisible();
  await looksRight(strange, "sign-in");
  await strange.goto(share.path);
  await expect(strange.getByText("Watching live")).toBeVisible();
  await looksRight(strange, "watch");
  await stranger.close();
});
