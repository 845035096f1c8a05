import { type BrowserContext, expect, type Page, test } from "@playwright/test";
import { colorSchemes, lookAt, wide, widths } from "./look.ts";
import { callApi, removeContainer, signInByApi } from "./real-containers.ts";

const password = "correct horse battery";
const email = "grace@example.org";

let operator: BrowserContext;
let page: Page;

test.beforeAll(async ({ browser }) => {
  operator = await browser.newContext({ reducedMotion: "reduce" });
  page = await operator.newPage();
  await signInByApi(page);
});
test.afterAll(async () => {
  const { items } = await callApi<{ items: { id: string }[] }>(page, "GET", "/people");
  for (const { id } of items) await callApi(page, "DELETE", `/people/${id}`);
  await operator.close();
});

/** The pages of people are looked at wide and narrow, light and dark, on the way through them. */
async function look(shown: Page, name: string): Promise<void> {
  // Dialogs fade in.
  await shown.waitForTimeout(300);
  for (const { label: width, ...viewport } of widths) {
    await shown.setViewportSize(viewport);
    for (const colorScheme of colorSchemes) await lookAt(shown, { name, width, colorScheme });
  }
  await shown.setViewportSize(wide);
}

const why = "This needs the role operator, and yours is viewer.";

async function expectRefused(viewer: Page, name: string): Promise<void> {
  const button = viewer.getByRole("button", { name, exact: true });
  await expect(button).toBeDisabled();
  await expect(button).toHaveAccessibleDescription(why);
}

/** What a viewer finds where others change things: nothing that would be refused, and in its place why. */
async function looksAlone(viewer: Page): Promise<void> {
  const name = `looked-at-${process.pid}`;
  await callApi(page, "POST", "/containers", { name, command: ["/bin/sleep", "inf"] });
  await viewer.goto("/containers");
  await expectRefused(viewer, "Create container");
  await viewer.getByRole("checkbox", { name: `Select ${name}` }).check();
  const chosen = viewer.getByRole("region", { name: "Selected containers" });
  await expect(chosen.getByText(why)).toBeVisible();
  await expect(chosen.getByRole("button")).toHaveCount(1);
  await viewer.goto(`/containers/${name}?tab=configuration`);
  for (const change of ["Edit", "Change"]) await expectRefused(viewer, change);
  await viewer.keyboard.press("Control+k");
  await viewer.getByRole("combobox", { name: /^Find/ }).fill(`${name} `);
  await expect(viewer.getByRole("option", { name: "Copy link" })).toBeVisible();
  for (const change of ["Start", "Delete…", "Edit", "Clone"]) {
    await expect(viewer.getByRole("option", { name: change, exact: true })).toHaveCount(0);
  }
  for (const path of ["/new", `/containers/${name}/edit`]) {
    await viewer.goto(path);
    await expect(viewer.getByText(why)).toBeVisible();
    await expect(viewer.getByRole("textbox")).toHaveCount(0);
  }
  await viewer.goto("/labs/chroot");
  await expectRefused(viewer, "Run");
  await removeContainer(page, name);
}

test("an invited person joins, changes the password, and is signed out at once when disabled", async ({ browser }) => {
  await page.goto("/settings/people");
  await expect(page.getByText("Nobody but the operator")).toBeVisible();
  await look(page, "people-none");
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByLabel("E-mail address").fill(email);
  await page.getByLabel("Name").fill("Grace");
  await look(page, "people-invite");
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("textbox", { name: "The link" }).inputValue();
  await look(page, "people-link");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText("invited", { exact: true })).toBeVisible();

  const hers = await browser.newContext({ reducedMotion: "reduce" });
  const her = await hers.newPage();
  await her.goto(link);
  await expect(her.getByText("You are invited as viewer.")).toBeVisible();
  expect(her.url()).not.toContain("code");
  await look(her, "join");
  await her.getByLabel("Your name").fill("Grace Hopper");
  await her.getByLabel("Password").fill(password);
  await her.getByRole("button", { name: "Join" }).click();
  await expect(her).not.toHaveURL(/join/);

  await her.goto("/settings/account");
  await expect(her.getByText("this one")).toBeVisible();
  await look(her, "account");
  await her.getByLabel("Current password").fill("not this one");
  await her.getByLabel("New password").fill("another good one");
  await her.getByRole("button", { name: "Set the password" }).click();
  await expect(her.getByText("That is not your password.")).toBeVisible();
  await her.getByLabel("Current password").fill(password);
  await her.getByRole("button", { name: "Set the password" }).click();
  await expect(her.getByText("Your password is set")).toBeVisible();

  // A viewer sees what she may not do, and why.
  await her.goto("/settings/people");
  await expect(her.getByText("This is for administrators")).toBeVisible();
  await look(her, "people-viewer");
  await looksAlone(her);

  await page.reload();
  await look(page, "people");
  await page.getByLabel("Role of Grace Hopper").selectOption("operator");
  await expect(page.getByText("Grace Hopper is operator now")).toBeVisible();
  await page.getByRole("button", { name: "Actions for Grace Hopper" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await expect(page.getByText("disabled", { exact: true })).toBeVisible();
  await her.goto("/containers");
  await expect(her).toHaveURL(/sign-in/);
  await her.getByLabel("E-mail address").fill(email);
  await her.getByLabel("Password").fill("another good one");
  await her.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(her.getByRole("alert").filter({ hasText: "This account is disabled" })).toBeVisible();
  await look(her, "sign-in-refused");
  await her.goto("/sign-in?error=not_invited");
  await expect(her.getByText("You are not invited")).toBeVisible();
  await hers.close();
});
