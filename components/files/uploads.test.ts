import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { uploadStore } from "./uploads.ts";

/** The requests that are under way; a test answers them. */
let requests: Request[];

class Request extends EventTarget {
  upload = new EventTarget();
  status = 0;
  responseText = "";
  headers: Record<string, string> = {};
  open() {}
  setRequestHeader(name: string, value: string) {
    this.headers[name] = value;
  }
  send() {
    requests.push(this);
  }
  async answer(status: number, body: object) {
    Object.assign(this, { status, responseText: JSON.stringify(body) });
    requests = requests.filter((other) => other !== this);
    this.dispatchEvent(new Event("load"));
    await new Promise((resolve) => setTimeout(resolve));
  }
}

const exists = { type: "about:blank", title: "There is one", status: 409, code: "file-exists", detail: "of that name" };
const states = () => uploadStore.snapshot().map(({ state }) => state);

beforeEach(() => {
  requests = [];
  vi.stubGlobal("XMLHttpRequest", Request);
});
afterEach(() => vi.unstubAllGlobals());

it("sends two at once, also when all are to replace what is there", async () => {
  const file = new File(["x"], "x");
  uploadStore.add(
    "c",
    ["/1", "/2", "/3"].map((path) => ({ path, file })),
  );
  expect(states()).toEqual(["sending", "sending", "waiting"]);
  for (let turn = 0; turn < 3; turn += 1) await requests[0]?.answer(409, exists);
  expect(states()).toEqual(["exists", "exists", "exists"]);
  uploadStore.replace(uploadStore.snapshot().map(({ id }) => id));
  expect(states()).toEqual(["sending", "sending", "waiting"]);
  expect(requests.map(({ headers }) => headers["if-none-match"])).toEqual([undefined, undefined]);
});
