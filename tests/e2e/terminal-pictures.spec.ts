import { expect, test } from "@playwright/test";
import { removeContainer, runContainer } from "./real-containers.ts";
import { signIn } from "./sign-in.ts";
import { TerminalPage } from "./terminal-page.ts";

const folder = "docs/images";
const viewport = { width: 1440, height: 900 };
const name = "shop";

/** Splits, a watcher's page and a replay, with something in them. */
test("terminals as the documentation shows them", async ({ browser }) => {
  const context = await browser.newContext({ viewport, colorScheme: "dark" });
  const page = await context.newPage();
  await TerminalPage.watch(page);
  await signIn(page);
  await runContainer(page, name, "exec bash -l", { tty: true });
  const terminal = new TerminalPage(page);
  const picture = (label: string, of = page) => of.screenshot({ path: `${folder}/terminal-${label}.png` });
  const typeHere = async (panes: number, line: string, answer: RegExp) => {
    await expect(terminal.region.getByRole("textbox", { name: "Terminal input" })).toHaveCount(panes);
    await terminal.live();
    await page.keyboard.type(`${line}\n`);
    await terminal.shows(answer);
  };
  try {
    await page.goto(`/containers/${name}`);
    await terminal.live();
    await terminal.type("clear; ls --color=always /; cat /etc/os-release");
    await terminal.shows(/PRETTY_NAME/);

    await terminal.region.getByRole("button", { name: "Share" }).click();
    await page.getByRole("button", { name: "Make a link" }).click();
    const link = await page.getByLabel("Link to watch").inputValue();
    await page.getByRole("button", { name: "Close", exact: true }).click();
    const stranger = await browser.newContext({ viewport, colorScheme: "dark" });
    const watching = await stranger.newPage();
    await TerminalPage.watch(watching);
    await watching.goto(link);
    await new TerminalPage(watching).shows(/PRETTY_NAME/);
    await watching.waitForTimeout(400);
    await picture("watch", watching);
    await stranger.close();

    await terminal.region.getByRole("textbox", { name: "Terminal input" }).focus();
    await page.keyboard.press("Control+Shift+D");
    await typeHere(2, "top", /PID +USER/);
    await page.keyboard.press("Control+Shift+E");
    await typeHere(3, "df -h / /dev/shm; id", /uid=0/);
    await page.waitForTimeout(800);
    await picture("splits");

    await page.goto(`/containers/${name}/recordings`);
    await page.getByRole("button", { name: "Play The container's own terminal" }).click();
    const replay = page.getByRole("region", { name: "Replay" });
    await expect(replay.getByRole("button", { name: "Pause" })).toBeVisible();
    await replay.focus();
    await page.keyboard.press(" ");
    await page.keyboard.press("End");
    await expect.poll(() => terminal.screen()).not.toBe("");
    await page.waitForTimeout(600);
    await picture("replay");
  } finally {
    await removeContainer(page, name);
    await context.close();
  }
});
