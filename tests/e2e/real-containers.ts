import { expect, type Page } from "@playwright/test";
import { given } from "./sign-in.ts";

/** Calls the API as the command line does, and answers its JSON; undefined where there is none. */
export async function callApi<T = unknown>(page: Page, method: string, path: string, data?: object): Promise<T> {
  const headers = { authorization: `Bearer ${given("TOKEN")}` };
  const answer = await page.request.fetch(`/api/v1${path}`, { method, headers, ...(data && { data }) });
  const text = await answer.text();
  expect(answer.ok(), `${method} ${path}: ${text}`).toBe(true);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** A container without a terminal that runs this script, begun. */
export async function runContainer(page: Page, name: string, script: string, more: object = {}): Promise<void> {
  const limits = { memoryBytes: 64 * 1024 * 1024, cpus: 0.5 };
  await callApi(page, "POST", "/containers", {
    name,
    command: ["/bin/bash", "-c", script],
    tty: false,
    limits,
    ...more,
  });
  await callApi(page, "POST", `/containers/${name}/start`);
}

/** Deletes a container, whether it runs or not. */
export async function removeContainer(page: Page, name: string): Promise<void> {
  await callApi(page, "DELETE", `/containers/${name}?force=true`);
}

/** Signs a page in without its sign-in form, which tests of its own try. */
export async function signInByApi(page: Page): Promise<void> {
  const origin = new URL(given("URL")).origin;
  const answer = await page.request.post("/api/v1/sign-in", {
    headers: { origin },
    data: { token: given("TOKEN") },
  });
  expect(answer.status()).toBe(204);
}
