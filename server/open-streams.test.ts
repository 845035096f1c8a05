import { pino } from "pino";
import { beforeEach, expect, it } from "vitest";
import { operator, type Principal } from "../lib/contract/principal.ts";
import { createOpenStreams } from "./open-streams.ts";

const of = (id: string, credential: string): Principal => ({
  ...{ id, name: id, role: "operator" },
  credential: { kind: "token", id: credential, expiresAt: null },
});

let answer: (principal: Principal) => Principal | null;
let ended: string[];
const stop = new AbortController();
const streams = createOpenStreams(
  { renew: async (principal) => answer(principal) },
  stop.signal,
  pino({ level: "silent" }),
);

function open(name: string, principal: Principal, needed: Principal["role"] = "viewer") {
  return streams.add({ principal, needed, end: () => void ended.push(name) });
}

beforeEach(() => {
  ended = [];
  answer = (principal) => principal;
});

it("ends what rests on a credential, or on a principal, at once", () => {
  const takeOut = [open("a", of("ann", "1")), open("b", of("ann", "2")), open("c", of("bob", "3"))];
  streams.revoke({ credential: "1" });
  expect(ended).toEqual(["a"]);
  streams.revoke({ principal: "bob" });
  expect(ended).toEqual(["a", "c"]);
  for (const one of takeOut) one();
  streams.revoke({ principal: "ann" });
  expect(ended).toHaveLength(2);
});

it("looks by itself, and ends what holds no longer or lost the role", async () => {
  const takeOut = [open("reads", of("ann", "1")), open("types", of("ann", "1"), "operator"), open("stays", operator)];
  answer = (principal) => (principal.id === "ann" ? { ...principal, role: "viewer" } : principal);
  await expect.poll(() => ended, { timeout: 1_000 }).toEqual(["types"]);
  answer = (principal) => (principal.id === "ann" ? null : principal);
  await expect.poll(() => new Set(ended), { timeout: 1_000 }).toEqual(new Set(["types", "reads"]));
  for (const one of takeOut) one();
});

it("lets it go on while nobody can say", async () => {
  const takeOut = open("a", of("ann", "1"));
  answer = () => {
    throw new Error("the database is away");
  };
  await streams.look();
  expect(ended).toEqual([]);
  takeOut();
});
