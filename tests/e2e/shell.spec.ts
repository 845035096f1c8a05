import { expect, type Page, test } from "@playwright/test";
import { variable as counted } from "../coverage/collect.ts";
import { signInByApi } from "./real-containers.ts";
import { given, signIn } from "./sign-in.ts";
import { TerminalPage } from "./terminal-page.ts";

const prefix = `e2e-shell-${process.pid}`;
const names = { web: `${prefix}-web`, job: `${prefix}-job`, spare: `${prefix}-spare`, form: `e2e-form-${process.pid}` };
const sleep = ["/bin/sleep", "1000"];
let page: Page;

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  page = await context.newPage();
  await TerminalPage.watch(page);
  await signIn(page);
  await create({
    name: names.web,
    command: sleep,
    tty: false,
    env: { STAGE: "test" },
    labels: { app: "shop" },
    limits: { memoryBytes: 2 ** 26, cpus: 0.2 },
    restart: "on-failure:3",
  });
  await create({ name: names.job, command: sleep, tty: false });
  await create({ name: names.spare, command: sleep, tty: false });
  await ensure(names.web, "running");
});

test.afterAll(async () => {
  for (const search of [prefix, names.form]) {
    const { items } = await (await page.request.get(`/api/v1/containers?search=${search}`)).json();
    for (const { name } of items) await request("DELETE", `/containers/${name}?force=true`);
  }
  await page.context().close();
});

test("a first visit comes to its shell with the second click", async () => {
  await page.goto("/");
  await page.getByRole("button", { name: "Open a shell" }).first().click();
  await expect(page).toHaveURL(/\/containers\/[a-z]+-[a-z]+$/);
  const terminal = new TerminalPage(page);
  await terminal.live();
  expect((await terminal.run("echo first-''shell")).trim()).toBe("first-shell");
  await request("DELETE", `${new URL(page.url()).pathname}?force=true`);
});

test("the form asks for everything, and its command line asks for the same", async () => {
  await page.goto("/new");
  await page.getByLabel("Name", { exact: true }).fill(names.form);
  await page.getByRole("button", { name: "Tiny" }).click();
  await page.getByLabel("Start again").selectOption("on-failure");
  await page.getByLabel("At most").fill("3");
  await page.getByRole("button", { name: "Add variable" }).click();
  const paste = (text: string) =>
    page.getByLabel("Name of variable 1").evaluate((field, data) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text", data);
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
  await paste("# two at once\nSTAGE=test\nGREETING='hello world'\n");
  await expect(page.getByLabel("Value of variable 2")).toHaveValue("hello world");
  await page.getByRole("button", { name: "Add label" }).click();
  await page.getByLabel("Name of label 1").fill("app");
  await page.getByLabel("Value of label 1").fill("shop");
  const line = page.getByRole("region", { name: "The same without this page" });
  await expect(line).toContainText(
    `./minirun run -dt --name ${names.form} --memory 64m --cpus 0.1 --pids-limit 64 --restart on-failure:3 --env STAGE=test --env 'GREETING=hello world' --label app=shop host`,
  );
  await page.getByRole("button", { name: "Create and start" }).click();
  await expect(page).toHaveURL(new RegExp(`/containers/${names.form}$`));
  await expect.poll(async () => (await container(names.form)).state).toBe("running");
  expect(await container(names.form)).toMatchObject({
    limits: { memoryBytes: 64 * 2 ** 20, cpus: 0.1, pids: 64 },
    restart: "on-failure:3",
    env: { STAGE: "test", GREETING: "hello world" },
    labels: { app: "shop" },
  });
  await request("DELETE", `/containers/${names.form}?force=true`);
});

test("a field that does not fit says so in its place", async () => {
  await page.goto("/new");
  await page.getByLabel("Name", { exact: true }).fill("Not A Name");
  await page.getByLabel("CPU cores").fill("many");
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page.getByText(/must start with a lower-case letter/)).toBeVisible();
  await expect(page.getByText("must be a number")).toBeVisible();
  await expect(page.getByLabel("Name", { exact: true })).toBeFocused();
});

test("the list's address holds search and order; back goes back", async () => {
  // One that does not fit the search, so that the list says how many of all it shows.
  await create({ name: names.form, command: sleep, tty: false });
  await page.goto("/containers");
  await page.getByRole("button", { name: "Name" }).click();
  await expect(page).toHaveURL(/sort=name/);
  await page.getByLabel("Search containers").fill(prefix);
  await expect(page).toHaveURL(new RegExp(`search=${prefix}`));
  await expect(rows()).toHaveCount(3);
  await expect(rows().first()).toContainText(names.job);
  await expect(page.getByText(/^3 of \d+ containers/)).toBeVisible();
  await page.getByLabel("State", { exact: true }).selectOption("created");
  await expect(rows()).toHaveCount(2);
  await page.goBack();
  await expect(rows()).toHaveCount(3);
  await page.reload();
  await expect(rows()).toHaveCount(3);
  await expect(page.getByLabel("Search containers")).toHaveValue(prefix);
  // The count of all is there once the page is live.
  await expect(page.getByText(/^3 of \d+ containers/)).toBeVisible();
  await page.getByLabel("Label", { exact: true }).selectOption("app=shop");
  await expect(rows()).toHaveCount(1);
  await request("DELETE", `/containers/${names.form}?force=true`);
});

test("keys go down the list, choose, and start", async () => {
  await page.goto(`/containers?search=${prefix}&sort=name`);
  await expect(rows()).toHaveCount(3);
  // The count of all is there once the list listens to keys.
  await expect(page.getByText(/^3 (of \d+ )?containers, /)).toBeVisible();
  await page.keyboard.press("j");
  await expect(page.getByRole("link", { name: names.job, exact: true })).toBeFocused();
  await page.keyboard.press("s");
  await expect(rows().first()).toContainText("Running");
  await page.keyboard.press("x");
  await expect(page.getByText("1 selected")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByText("1 selected")).toBeHidden();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toContainText("Start or stop");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("g");
  await page.keyboard.press("o");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("one verb for many, followed to its end", async () => {
  await ensure(names.job, "running");
  await ensure(names.spare, "exited");
  await page.goto(`/containers?search=${prefix}&sort=name`);
  await page.getByLabel("Select all").check();
  await expect(page.getByText("3 selected")).toBeVisible();
  await page
    .getByRole("region", { name: "Selected containers" })
    .getByRole("button", { name: /^Start/ })
    .click();
  await expect(page.getByText("1 container started")).toBeVisible();
  await expect.poll(async () => (await container(names.spare)).state).toBe("running");
  await page.getByRole("button", { name: /^Operations/ }).click();
  await expect(page.getByRole("dialog", { name: "Operations" })).toContainText(`Started ${names.spare}`);
  await page.reload();
  await page.getByRole("button", { name: /^Operations/ }).click();
  await expect(page.getByRole("dialog", { name: "Operations" })).toContainText(`Started ${names.spare}`);
});

test("the palette finds a container and does what it is told; undo takes it back", async () => {
  await ensure(names.spare, "running");
  await goAndListen("/health");
  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("combobox").fill(`pause ${names.spare}`);
  await expect(page.getByRole("option", { name: "Pause" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await container(names.spare)).state).toBe("paused");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect.poll(async () => (await container(names.spare)).state).toBe("running");
});

test("a change that needs a stop is offered as one; labels change at once", async () => {
  await ensure(names.spare, "running");
  await page.goto(`/containers/${names.spare}/edit`);
  await page.getByRole("button", { name: "Add label" }).click();
  await page.getByLabel("Name of label 1").fill("tier");
  await page.getByLabel("Value of label 1").fill("back");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/tab=configuration/);
  expect(await container(names.spare)).toMatchObject({ labels: { tier: "back" }, state: "running" });

  await page.goto(`/containers/${names.spare}/edit`);
  await page.getByLabel("Working directory").fill("/tmp");
  await page.getByRole("button", { name: "Stop, change, start…" }).click();
  await page.getByRole("button", { name: "Stop, change, start", exact: true }).click();
  await expect(page).toHaveURL(/tab=configuration/);
  expect(await container(names.spare)).toMatchObject({ workingDir: "/tmp", state: "running" });
});

test("the second of two who change a container is told what the first did", async () => {
  await request("PATCH", `/containers/${names.spare}`, { labels: { tier: "back" } });
  await page.goto(`/containers/${names.spare}/edit`);
  await page.getByLabel("CPU cores").fill("0.75");
  await request("PATCH", `/containers/${names.spare}`, { labels: { tier: "front" } });
  await page.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog", { name: `${names.spare} was changed meanwhile` });
  await expect(dialog).toContainText("tier=back");
  await expect(dialog).toContainText("tier=front");
  await dialog.getByRole("button", { name: "Save my changes on top" }).click();
  await expect(page).toHaveURL(/tab=configuration/);
  expect(await container(names.spare)).toMatchObject({ limits: { cpus: 0.75 }, labels: { tier: "front" } });
});

test("one's own change that does not start is no change of somebody else's", async () => {
  // One that ends at once when it is stopped.
  await create({ name: names.form, command: ["/bin/bash", "-c", "trap exit TERM; sleep 1000 & wait"], tty: false });
  await ensure(names.form, "running");
  await page.goto(`/containers/${names.form}/edit`);
  const command = page.getByLabel("Command");
  const stopChangeStart = async (text: string) => {
    await command.fill(text);
    await page.getByRole("button", { name: "Stop, change, start…" }).click();
    await page.getByRole("button", { name: "Stop, change, start", exact: true }).click();
  };
  await stopChangeStart("/no/such/program");
  await expect(page.getByRole("main").getByRole("alert").filter({ hasText: "/no/such/program" })).toBeVisible();
  await command.fill(sleep.join(" "));
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page).toHaveURL(/tab=configuration/);
  expect(await container(names.form)).toMatchObject({ command: sleep });
  await request("DELETE", `/containers/${names.form}`);
});

test("who takes theirs has theirs as text, too", async () => {
  await request("PATCH", `/containers/${names.spare}`, { labels: { tier: "mine" } });
  await page.goto(`/containers/${names.spare}/edit`);
  await page.getByRole("group", { name: "Labels" }).getByRole("button", { name: "Edit as text" }).click();
  await page.getByLabel("All labels as text").fill("tier=mine2");
  await request("PATCH", `/containers/${names.spare}`, { labels: { tier: "theirs" } });
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Discard mine, show theirs" }).click();
  await expect(page.getByLabel("Value of label 1")).toHaveValue("theirs");
});

test("an ended session says so, and leads back after signing in", async ({ browser }) => {
  const other = await (await browser.newContext()).newPage();
  await signInByApi(other);
  await other.goto(`/containers?search=${prefix}`);
  await expect(other.getByText(/^3 (of \d+ )?containers, /)).toBeVisible();
  const { origin } = new URL(given("URL"));
  expect((await other.request.post("/api/v1/sign-out", { headers: { origin } })).status()).toBe(204);
  const ended = other.getByRole("alert").filter({ hasText: "Your session has ended" });
  await expect(ended).toBeVisible();
  await ended.getByRole("button", { name: "Sign in" }).click();
  await expect(other).toHaveURL(/\/sign-in\?next=%2Fcontainers%3Fsearch%3D/);
  await other.context().close();
});

test("a clone has the same settings and another name", async () => {
  await page.goto(`/new?from=${names.web}`);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(`${names.web}-2`);
  await page.getByRole("button", { name: "Create", exact: true }).click();
  await expect(page).toHaveURL(new RegExp(`/containers/${names.web}-2$`));
  const { limits, env, labels, restart, state } = await container(`${names.web}-2`);
  expect({ limits, env, labels, restart }).toEqual(
    (({ limits, env, labels, restart }) => ({ limits, env, labels, restart }))(await container(names.web)),
  );
  expect(state).toBe("created");
  await request("DELETE", `/containers/${names.web}-2`);
});

test("the reference finds a call, and makes it", async () => {
  await page.goto("/reference");
  await page.getByLabel("Search the API").fill("show getContainer");
  await expect(page.locator("#createContainer")).toBeHidden();
  await expect(page.getByRole("status").filter({ hasText: /^\d found$/ })).toBeVisible();
  await page.locator("#getContainer > summary").click();
  await page.locator("#getContainer").getByLabel("name").fill(names.web);
  await page.locator("#getContainer").getByRole("button", { name: "Try it" }).click();
  await expect(page.locator("#getContainer")).toContainText(`"name": "${names.web}"`);
});

test("an address that leads nowhere says so, and leads on", async () => {
  await page.goto("/containers/nobody-has-this-name");
  await expect(page.getByRole("heading", { name: "There is no such container" })).toBeVisible();
  await page.getByRole("link", { name: "Show containers" }).click();
  await expect(page).toHaveURL(/\/containers$/);
});

test("what someone stopped did not fail; what failed by itself did", async () => {
  await create({ name: names.form, command: ["/bin/sh", "-c", "exit 3"], tty: false });
  await request("POST", `/containers/${names.form}/start`);
  await expect.poll(async () => (await container(names.form)).state).toBe("exited");
  await ensure(names.spare, "running");
  await request("POST", `/containers/${names.spare}/kill`, { signal: "KILL" });
  await expect.poll(async () => (await container(names.spare)).state).toBe("exited");
  expect((await container(names.spare)).exitCode).toBe(137);
  await page.goto("/");
  const failed = page.locator("section", { has: page.getByRole("heading", { name: "Failed lately" }) });
  await expect(failed).toContainText(names.form);
  await expect(failed).not.toContainText(names.spare);
  await request("DELETE", `/containers/${names.form}`);
});

test("the design page is of development alone", async () => {
  await page.goto("/design");
  await expect(page.getByRole("heading", { name: "Tokens" })).toHaveCount(0);
  expect((await page.request.get("/design")).status()).toBe(404);
});

test("tabs that nobody looks at leave the browser's six connections to those that somebody does", async ({
  browser,
}) => {
  // A row that shows what a container uses holds a second stream.
  await ensure(names.web, "running");
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  const openBehind = async () => {
    const behind = await context.newPage();
    // To its pages, a browser that is driven shows all of them.
    await behind.addInitScript(() => Object.defineProperty(Document.prototype, "hidden", { get: () => true }));
    await behind.goto("/containers");
    await expect(behind.getByText(/^\d+ containers, /)).toBeVisible();
  };
  await Promise.all([openBehind(), openBehind(), openBehind()]);
  const front = await context.newPage();
  const stream = front.waitForRequest(/\/api\/v1\/events/);
  await front.goto("/containers");
  await stream;
  await expect(front.getByText(/^\d+ containers, /)).toBeVisible();
  await context.close();
});

test("the list comes with less than 200 kB of script", async ({ browser }) => {
  test.skip(process.env[counted] !== undefined, "pages whose lines are counted are not as small as they can be");
  const context = await browser.newContext({ storageState: await page.context().storageState() });
  const fresh = await context.newPage();
  const sizes: Promise<number>[] = [];
  fresh.on("requestfinished", (call) => {
    if (call.resourceType() === "script") sizes.push(call.sizes().then(({ responseBodySize }) => responseBodySize));
  });
  await fresh.goto("/containers");
  await expect(fresh.getByText(/^\d+ containers, /)).toBeVisible();
  // What the page asks for by itself, it has asked for by then.
  await fresh.waitForTimeout(3_000);
  const bytes = (await Promise.all(sizes)).reduce((total, size) => total + size, 0);
  expect(sizes.length).toBeGreaterThan(5);
  expect(bytes).toBeGreaterThan(50_000);
  expect(bytes).toBeLessThan(200_000);
  await context.close();
});

/** Goes to a page and waits until it listens to keys: from the same moment on it makes calls of its own. */
async function goAndListen(path: string): Promise<void> {
  const call = page.waitForResponse(/\/api\/v1\/operations\?/);
  await page.goto(path);
  await call;
}

function rows() {
  return page.getByRole("row").filter({ hasText: prefix });
}

async function container(name: string) {
  return (await page.request.get(`/api/v1/containers/${name}`)).json();
}

async function create(body: Record<string, unknown>): Promise<void> {
  expect((await request("POST", "/containers", body)).status()).toBe(201);
}

/** Starts or stops a container where it is not so already, and waits until it is. */
async function ensure(name: string, state: "running" | "exited"): Promise<void> {
  if ((await container(name)).state !== state) {
    // What was never started cannot be stopped.
    await request("POST", `/containers/${name}/start`);
    if (state === "exited") await request("POST", `/containers/${name}/stop`, { timeoutSeconds: 0 });
  }
  await expect.poll(async () => (await container(name)).state).toBe(state);
}

function request(method: string, path: string, data?: unknown) {
  const headers = { origin: new URL(given("URL")).origin };
  return page.request.fetch(`/api/v1${path}`, { method, headers, data });
}
