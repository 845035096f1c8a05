import { expect, type Page } from "@playwright/test";

/** Signs a page in with the operator token, through the sign-in page. */
export async function signIn(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Operator token").fill(required("MINIRUN_E2E_TOKEN"));
  await page.getByRole("button", { name: "Sign in" }).click();
  await expect(page).not.toHaveURL(/sign-in/);
}

/** A setting that the global setup makes. Throws an Error that says how to run the tests. */
export function required(variable: string): string {
  const value = process.env[variable];
  if (!value) throw new Error(`${variable} is not set: run ./minirun test e2e`);
  return value;
}
