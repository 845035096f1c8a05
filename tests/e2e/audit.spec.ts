import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { callApi, removeContainer, signInByApi } from "./real-containers.ts";

const name = `audited-${process.pid}`;

test("the audit is searched, shared by its address, and taken along", async ({ page }) => {
  await signInByApi(page);
  try {
    await callApi(page, "POST", "/containers", { name, command: ["/no/such/program"] });
    await expect(callApi(page, "POST", `/containers/${name}/start`)).rejects.toThrow(/no\/such\/program/);
    await page.goto("/audit");
    const table = page.getByRole("region", { name: "Audit" });
    const rows = table.getByRole("row").filter({ hasText: name });
    await expect(rows).toHaveCount(2);
    await page.getByRole("searchbox", { name: "Search the audit" }).fill(name);
    await page.getByRole("combobox", { name: "Result" }).selectOption("Failed");
    await expect(page).toHaveURL(new RegExp(`/audit\\?.*text=${name}.*result=failed`));
    await expect(rows).toHaveCount(1);
    await expect(rows).toContainText("Start");
    await expect(rows).toContainText("127.0.0.1");
    await expect(rows.getByLabel("Failed")).toBeVisible();

    await page.reload();
    await expect(rows).toHaveCount(1);
    const download = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download as CSV" }).click();
    const lines = readFileSync(await (await download).path(), "utf8")
      .trimEnd()
      .split("\r\n");
    expect(lines).toHaveLength(2);
    expect(lines[1]).toContain(`,start,${name},`);

    await page.getByRole("searchbox", { name: "Search the audit" }).fill("nobody-has-this-name");
    await expect(page.getByText("No entry matches")).toBeVisible();
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(page).toHaveURL(/\/audit$/);
    await rows.first().getByRole("button", { name: "Operator" }).click();
    await expect(page).toHaveURL(/who=operator/);
    await expect(rows).toHaveCount(2);
  } finally {
    await removeContainer(page, name);
  }
});
