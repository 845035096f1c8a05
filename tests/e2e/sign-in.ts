import { expect, type Page, test } from "@playwright/test";
import { variable } from "./global-setup.ts";

/** Signs a page in with the operator token, through the sign-in page. */
export async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Use the operator token" }).click();
  await page.getByLabel("Operator token").fill(given("TOKEN"));
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** What the global setup tells of the instance that the running test has. Throws an Error that says how to run the tests. */
export function given(what: Parameters<typeof variable>[0]): string {
  const value = process.env[variable(what, test.info().project.name)] ?? process.env[variable(what)];
  if (!value) throw new Error(`${variable(what)} is not set: run ./minirun test e2e`);
  return value;
}
