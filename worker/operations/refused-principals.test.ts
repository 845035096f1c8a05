import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { CreateToken } from "../../lib/contract/token.ts";
import type { OutboxEntry } from "../../lib/store/outbox-entry.ts";
import type { Context } from "../context.ts";
import { creation, makeTestWorker, operation, startContainer, type TestWorker } from "../testing/test-worker.ts";
import { execute } from "./execute.ts";

let worker: TestWorker;
let context: Context;

beforeAll(async () => {
  worker = await makeTestWorker();
}, 60_000);
beforeEach(async () => {
  context = await worker.restart();
});
afterEach(() => worker.clear());
afterAll(() => worker?.remove());

const makeToken = async (role: "viewer" | "operator") => {
  const { id } = await context.access.createToken("operator", CreateToken.parse({ name: role, role }));
  return { id, principal: `token:${id}` };
};

it("carries out what an operator's token asks for until it is revoked, and nothing for those who may not", async () => {
  const id = await startContainer(context);
  const writer = await makeToken("operator");
  const viewer = await makeToken("viewer");
  const paused = await execute(context, { ...operation("pause", id, {}), principal: writer.principal });
  expect(paused.state).toBe("succeeded");
  await execute(context, { ...operation("resume", id, {}), principal: writer.principal });
  await context.access.revokeToken("operator", writer.id);

  const { status, directAt, operations } = context.records.get(id) ?? {};
  const claims = ["restart-policy", "auto-remove", "nobody", "token:", viewer.principal, writer.principal];
  for (const principal of claims) {
    const hostile = { ...operation("kill", id, { signal: "SIGKILL" }), principal };
    const refused = await execute(context, hostile);
    expect(refused, principal).toMatchObject({ state: "failed", problem: { code: "forbidden", status: 403 } });
    // Asked again it gets the same answer, and so does one who looks.
    expect(await execute(context, hostile)).toEqual(refused);
  }
  const after = context.records.get(id);
  expect([after?.status, after?.directAt, after?.operations]).toEqual([status, directAt, operations]);
});

it("makes nothing for somebody who may not, and tells what became of it", async () => {
  const id = randomUUID();
  const refused = await execute(context, { ...creation(id), principal: "auto-remove" });
  expect(refused.problem?.detail).toContain("auto-remove");
  expect(context.records.get(id)).toBeUndefined();
  const entries: OutboxEntry[] = [];
  await context.outbox.drain(async (entry) => {
    entries.push(entry);
    return "done";
  });
  expect(entries.at(-1)?.operation?.result).toMatchObject({ id: refused.id, state: "failed" });
});
