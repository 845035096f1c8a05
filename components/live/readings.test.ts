import { expect, it } from "vitest";
import { createReadings } from "./readings.ts";

/** A server that answers when the test says so. */
function readings() {
  const answers: ((read: string) => void)[] = [];
  const applied: string[] = [];
  const reading = createReadings<string, string>(
    () => new Promise((resolve) => answers.push(resolve)),
    (read, since) => applied.push([read, ...since].join(" ")),
  );
  return { ...reading, answers, applied };
}

it("works in what happened since the question was asked", async () => {
  const { hear, read, answers, applied } = readings();
  hear("before");
  const done = read();
  hear("deleted");
  answers[0]?.("old");
  await done;
  hear("after");
  expect(applied).toEqual(["old deleted"]);
});

it("leaves out an answer that comes behind a later one's", async () => {
  const { hear, read, answers, applied } = readings();
  const first = read();
  hear("one");
  const second = read();
  answers[1]?.("new");
  await second;
  answers[0]?.("old");
  await first;
  expect(applied).toEqual(["new"]);
});
