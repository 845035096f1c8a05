import type { IncomingMessage } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { exampleContainer } from "../testing/example-container.ts";
import { answerJson, startTestWeb, type TestWeb } from "../testing/fake-worker.ts";
import { attachment, readFile } from "./files.ts";

let web: TestWeb | undefined;
afterEach(async () => {
  await web?.close();
  web = undefined;
});

describe("a file's answer", () => {
  it("is never something that a browser renders", async () => {
    const container = exampleContainer();
    web = await startTestWeb({
      call(request: IncomingMessage, _body, response) {
        if (!request.url?.includes("/files/content")) return answerJson(response, container);
        response.writeHead(200, { "content-type": "application/octet-stream", "content-length": 9, etag: '"e"' });
        response.end("<script/>");
      },
    });
    const answer = await readFile(
      web.context,
      container.name,
      { path: "/x.html", download: true },
      new AbortController().signal,
    );
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-type": "application/octet-stream",
      "x-content-type-options": "nosniff",
      "content-disposition": `attachment; filename="x.html"; filename*=UTF-8''x.html`,
      etag: '"e"',
    });
    expect(await answer.text()).toBe("<script/>");
  });
});

describe("a file's name in a header", () => {
  it.each([
    ["plain.txt", `attachment; filename="plain.txt"; filename*=UTF-8''plain.txt`],
    ['a"b\r\nX-Evil: 1', `attachment; filename="a_b__X-Evil__1"; filename*=UTF-8''a%22b%0D%0AX-Evil%3A%201`],
    ["ä(1)'", `attachment; filename="__1__"; filename*=UTF-8''%C3%A4%281%29%27`],
    ["\ud800", `attachment; filename="_"; filename*=UTF-8''_`],
  ])("%j is harmless", (name, header) => {
    expect(attachment(name)).toBe(header);
  });
});
