import { afterEach, expect, it } from "vitest";
import { createClient } from "../../lib/client/api.ts";
import { type AnsweringServer, answerInTurn, json } from "../../lib/client/testing/answer-in-turn.ts";
import { waitForEnd } from "./wait.ts";

let server: AnsweringServer;
afterEach(() => server.close());

const stateOf = (state: string, exitCode: number | null) =>
  json(200, { state, exitCode, signal: null, reason: exitCode === null ? null : "exited", finishedAt: null });

async function waitWithin(milliseconds: number, ...answers: Parameters<typeof stateOf>[]) {
  server = await answerInTurn(...answers.map((answer) => stateOf(...answer)));
  return waitForEnd(createClient({ baseUrl: server.url }), "job", Date.now() + milliseconds);
}

it("waits for one that its restart policy starts again, as long as there is time", async () => {
  expect(await waitWithin(20_000, ["restarting", 1], ["exited", 3])).toMatchObject({ exitCode: 3 });
});

it("says so when the time is over", async () => {
  await expect(waitWithin(50, ["restarting", 1])).rejects.toThrow("job has not ended in time: it is restarting.");
  server.close();
  await expect(waitWithin(0, ["running", null])).rejects.toThrow("it is running");
});
