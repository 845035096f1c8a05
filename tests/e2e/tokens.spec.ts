import { expect, test } from "@playwright/test";
import { given, signIn } from "./sign-in.ts";

test("a token is made, shown once, works, and is refused once it is revoked", async ({ page, request }) => {
  const name = `robot-${process.pid}`;
  await signIn(page);
  await page.goto("/settings");
  await page.getByRole("link", { name: "API tokens" }).click();
  await expect(page).toHaveURL(/settings\/tokens$/);
  await page.getByRole("button", { name: "New token" }).first().click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Role").selectOption("viewer");
  await page.getByRole("button", { name: "Make the token" }).click();
  const token = await page.getByRole("textbox", { name: "The token" }).inputValue();
  expect(token).toMatch(/^mrt_/);
  const ask = async (path: string, method = "GET") => {
    const headers = { authorization: `Bearer ${token}` };
    return (await request.fetch(`${given("URL")}/api/v1${path}`, { method, headers })).status();
  };
  expect(await ask("/containers")).toBe(200);
  expect(await ask("/containers", "POST")).toBe(403);

  await page.getByRole("button", { name: "Done" }).click();
  await page.reload();
  const row = page.getByRole("row").filter({ hasText: name });
  await expect(row).toContainText("viewer");
  await expect(page.getByText(token)).toHaveCount(0);
  await row.getByRole("button", { name: `Revoke ${name}` }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  // What lies behind a dialog has no role meanwhile.
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(row).toHaveCount(0);
  expect(await ask("/containers")).toBe(401);
});
