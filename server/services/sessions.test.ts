import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { operator } from "../../lib/contract/principal.ts";
import { fail } from "../../lib/contract/problem.ts";
import { answerJson, startTestWeb, type TestWeb } from "../testing/fake-worker.ts";
import { createShare, createTicket, deleteSession, deleteShares, redeemShare } from "./sessions.ts";

const id = randomUUID();
const session = {
  ...{ sessionId: id, containerId: randomUUID(), mode: "exec", writable: false, ticket: "t" },
  ...{ path: `/api/v1/sessions/${id}/stream`, expiresAt: "2026-01-01T00:00:00.000Z" },
};

let web: TestWeb;
let calls: { call: string; body: unknown }[];
let known: string;

beforeEach(async () => {
  calls = [];
  known = "good";
  web = await startTestWeb({
    call({ method, url }, body, response) {
      calls.push({ call: `${method} ${url}`, body });
      if (url === "/shares/redeem") {
        const { problem } = fail("share-not-found", "The link does not work", "it never was one");
        if (Object(body).code === known) answerJson(response, { ...session, containerName: "web" });
        else answerJson(response, problem, 404);
      } else if (method === "DELETE") response.writeHead(204).end();
      else if (url?.endsWith("/shares")) {
        answerJson(response, { code: "c", path: "/watch#c", expiresAt: session.expiresAt });
      } else answerJson(response, session);
    },
  });
});
afterEach(() => web.close());

describe("calls about sessions", () => {
  it("go to the worker with who asks, the body of a DELETE too", async () => {
    await createTicket(web.context, operator, id, { readOnly: true });
    await createShare(web.context, operator, id, { minutes: 5 });
    await deleteShares(web.context, operator, id);
    await deleteSession(web.context, operator, id);
    expect(calls).toEqual([
      { call: `POST /sessions/${id}/tickets`, body: { principal: "operator", readOnly: true } },
      { call: `POST /sessions/${id}/shares`, body: { principal: "operator", minutes: 5 } },
      { call: `DELETE /sessions/${id}/shares`, body: { principal: "operator" } },
      { call: `DELETE /sessions/${id}`, body: { principal: "operator" } },
    ]);
  });

  it("never carry an id that is none", async () => {
    for (const bad of ["../x", "", "x"]) {
      await expect(deleteSession(web.context, operator, bad)).rejects.toThrow(/There is no session/);
    }
    expect(calls).toEqual([]);
  });
});

describe("a share's code", () => {
  it("is exchanged for a ticket to watch, by whoever has it", async () => {
    const shared = await redeemShare(web.context, "good", "192.0.2.1");
    expect(shared).toMatchObject({ containerName: "web", writable: false, ticket: "t" });
  });

  it("does not make the failures of its holder's address forgotten, to guess at others with", async () => {
    for (let i = 0; i < 9; i += 1) await redeemShare(web.context, `bad-${i}`, "192.0.2.3").catch(() => {});
    await redeemShare(web.context, "good", "192.0.2.3");
    await redeemShare(web.context, "bad", "192.0.2.3").catch(() => {});
    await expect(redeemShare(web.context, "good", "192.0.2.3")).rejects.toMatchObject({
      problem: { code: "too-many-requests" },
    });
  });

  it("can't be guessed: after ten failures the address has to wait, and others don't", async () => {
    for (let i = 0; i < 10; i += 1) {
      await expect(redeemShare(web.context, `bad-${i}`, "192.0.2.1")).rejects.toThrow(/does not work/);
    }
    await expect(redeemShare(web.context, "good", "192.0.2.1")).rejects.toMatchObject({
      problem: { code: "too-many-requests", details: { retryAfterSeconds: expect.any(Number) } },
    });
    expect((await redeemShare(web.context, "good", "192.0.2.2")).ticket).toBe("t");
  });
});
