import { expect, type Locator, type Page, test } from "@playwright/test";
import { callApi, removeContainer, runContainer, signInByApi } from "./real-containers.ts";
import { given } from "./sign-in.ts";

const name = `files-${process.pid}`;
const prepare = `
  mkdir -p /srv/docs && cd /srv/docs
  printf 'one\\ntwo\\n' > notes.txt; printf 'a\\r\\nb\\r\\n' > windows.txt; printf '\\000\\001ELF' > data.bin
  ln -s ../docs/notes.txt link; ln -s /nowhere broken; mkfifo pipe; echo h > .hidden
  printf 'x' > "$(printf 'evil\\033[31m<b>\\n')"
  trap 'exit 0' TERM; while :; do sleep 1; done`;
/** A picture of 1 × 1. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

test.describe.configure({ mode: "serial" });
let page: Page;
let files: Locator;

test.beforeAll(async ({ browser }) => {
  page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  files = page.getByRole("region", { name: "Files", exact: true });
  await signInByApi(page);
  await runContainer(page, name, prepare);
});
test.afterAll(async () => {
  await removeContainer(page, name);
  await page.context().close();
});

const open = (path: string) => page.goto(`/containers/${name}?${new URLSearchParams({ tab: "files", path })}`);
/** The row of an entry, by the words that its name begins with. */
const entry = (text: string) =>
  files
    .getByRole("row")
    .filter({ has: page.locator("a").filter({ hasText: new RegExp(`^${text.replace(/[.[\]]/g, "\\$&")}`) }) });

async function read(path: string): Promise<string> {
  const headers = { authorization: `Bearer ${given("TOKEN")}` };
  const answer = await page.request.get(`/api/v1/containers/${name}/files/content?${new URLSearchParams({ path })}`, {
    headers,
  });
  return answer.text();
}

async function write(path: string, data: string): Promise<void> {
  const headers = {
    authorization: `Bearer ${given("TOKEN")}`,
    "content-type": "application/octet-stream",
  };
  const address = `/api/v1/containers/${name}/files/content?${new URLSearchParams({ path })}`;
  expect((await page.request.put(address, { headers, data: Buffer.from(data) })).status()).toBe(200);
}

test("lists what is there, links with their targets, and hostile names as text", async () => {
  await open("/srv/docs");
  await expect(entry("notes.txt")).toContainText("-rw-r--r-- 0644");
  await expect(entry("link → ../docs/notes.txt")).toBeVisible();
  await expect(entry("evil·[31m<b>")).toBeVisible();
  await expect(entry(".hidden")).toHaveCount(0);
  await files.getByLabel("Hidden").check();
  await expect(entry(".hidden")).toBeVisible();
});

test("opens by keyboard, follows links, and goes back by the browser's button", async () => {
  await open("/srv");
  await files.getByRole("link", { name: /^docs/ }).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/path=%2Fsrv%2Fdocs/);
  await files.getByRole("link", { name: /^link/ }).click();
  await expect(files.getByRole("region", { name: "Text of link" })).toContainText("two");
  await page.goBack();
  await expect(entry("notes.txt")).toBeVisible();
  await files.getByRole("link", { name: /^data.bin/ }).focus();
  await page.keyboard.press("Backspace");
  await expect(page).toHaveURL(/path=%2Fsrv$/);
});

test("shows bytes as a dump, pipes not at all, and links to nowhere for what they are", async () => {
  await open("/srv/docs/data.bin");
  await expect(files.getByText("00 01 45 4c 46")).toBeVisible();
  await open("/srv/docs/pipe");
  await expect(files.getByText("A pipe has no content of its own", { exact: false })).toBeVisible();
  await open("/srv/docs/broken");
  await expect(files.getByText("/nowhere")).toBeVisible();
  await open("/srv/docs/none");
  await expect(files.getByText("There is no such file")).toBeVisible();
});

test("uploads files, asks before it replaces one, and shows a picture", async () => {
  await open("/srv/docs");
  const upload = (file: string, buffer: Buffer) =>
    files.getByLabel("Files to upload").setInputFiles({ name: file, mimeType: "", buffer });
  await expect(entry("notes.txt")).toBeVisible();
  await upload("dot.png", Buffer.from(png, "base64"));
  await expect(files.getByText("1 file uploaded")).toBeVisible();
  await upload("notes.txt", Buffer.from("mine\n"));
  await expect(files.getByText("is there already")).toBeVisible();
  expect(await read("/srv/docs/notes.txt")).toBe("one\ntwo\n");
  await files.getByRole("button", { name: "Replace notes.txt" }).click();
  await expect.poll(() => read("/srv/docs/notes.txt")).toBe("mine\n");
  await open("/srv/docs/dot.png");
  await expect(files.getByText(/^1 × 1/)).toBeVisible();
});

test("edits a text with the line ends that it has, and leaves it to the person who wins", async () => {
  await open("/srv/docs/windows.txt");
  await files.getByRole("button", { name: "Edit" }).click();
  const editor = files.getByRole("textbox", { name: "Text of windows.txt" });
  await editor.fill("a\nB\n");
  await editor.press("Control+s");
  await expect(files.getByRole("region", { name: "Text of windows.txt" })).toContainText("B");
  expect(await read("/srv/docs/windows.txt")).toBe("a\r\nB\r\n");

  await files.getByRole("button", { name: "Edit" }).click();
  await editor.fill("mine\n");
  await write("/srv/docs/windows.txt", "theirs\n");
  await files.getByRole("button", { name: "Save" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("was changed meanwhile");
  expect(await read("/srv/docs/windows.txt")).toBe("theirs\n");
  await dialog.getByRole("button", { name: "Take theirs" }).click();
  await expect(files.getByRole("region", { name: "Text of windows.txt" })).toContainText("theirs");
});

test("keeps what was typed, whatever happens to the file and wherever one looks meanwhile", async () => {
  await write("/srv/docs/plan.txt", "old\n");
  await open("/srv/docs/plan.txt");
  await files.getByRole("button", { name: "Edit" }).click();
  const editor = files.getByRole("textbox", { name: "Text of plan.txt" });
  await editor.fill("mine\n");
  await write("/srv/docs/plan.txt", "theirs\n");
  // As when one comes back from another tab of the browser: then the files are read anew.
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  await page.getByRole("tab", { name: "Configuration" }).click();
  await expect(page.getByText("Your changes of plan.txt are kept, not saved")).toBeVisible();
  await callApi(page, "DELETE", `/containers/${name}/files?path=${encodeURIComponent("/srv/docs/plan.txt")}`);
  await page.getByRole("button", { name: "Go back to it" }).click();
  await expect(editor).toHaveValue("mine\n");
  await files.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("dialog")).toContainText("was changed meanwhile");
  await page.getByRole("dialog").getByRole("button", { name: "Save mine" }).click();
  await expect(files.getByRole("region", { name: "Text of plan.txt" })).toContainText("mine");
  expect(await read("/srv/docs/plan.txt")).toBe("mine\n");
});

test("makes, renames and deletes, also when the container does not run", async () => {
  await callApi(page, "POST", `/containers/${name}/stop`, { timeoutSeconds: 0 });
  await open("/srv/docs");
  await files.getByRole("button", { name: "New folder" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill("new");
  await dialog.getByRole("button", { name: "Make folder" }).click();
  await expect(entry("new")).toBeVisible();
  await files.getByRole("button", { name: "Actions of new" }).click();
  await page.getByRole("menuitem", { name: "Rename…" }).click();
  await dialog.getByLabel("Name").fill("newer");
  await dialog.getByRole("button", { name: "Rename" }).click();
  await expect(entry("newer")).toBeVisible();
  await files.getByRole("link", { name: /^newer/ }).focus();
  await page.keyboard.press("Delete");
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete" }).click();
  await expect(entry("newer")).toHaveCount(0);
});

test("downloads a file and a directory", async () => {
  await open("/srv/docs");
  const whole = page.waitForEvent("download");
  await files.getByRole("link", { name: "Download as tar" }).click();
  expect((await whole).suggestedFilename()).toBe("docs.tar");
  await open("/srv/docs/notes.txt");
  const one = page.waitForEvent("download");
  await files.getByRole("link", { name: "Download" }).click();
  expect((await one).suggestedFilename()).toBe("notes.txt");
});
