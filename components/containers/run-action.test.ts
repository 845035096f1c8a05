import { expect, it } from "vitest";
import { actions, mayBegin } from "./run-action.ts";

const beside = (...underWay: Parameters<typeof mayBegin>[1]) => actions.filter((action) => mayBegin(action, underWay));

it("lets a kill and a deletion through while a stop or restart waits, and nothing else", () => {
  expect(beside()).toEqual(actions);
  expect(beside("stop")).toEqual(["kill", "delete"]);
  expect(beside("restart", "kill")).toEqual(["kill", "delete"]);
  expect(beside("stop", "delete")).toEqual(["kill"]);
});
