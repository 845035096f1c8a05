import { expect, it } from "vitest";
import { formatEnv, parseEnv } from "./parse-env.ts";

it("reads what .env files have in them", () => {
  const text = `# comment
A=1
export B = two words # said so
C='single # "x"'
D="double \\"q\\" \\n end"
E=
F
=nothing
G=a=b#c
`;
  expect(parseEnv(text)).toEqual([
    ["A", "1"],
    ["B", "two words"],
    ["C", 'single # "x"'],
    ["D", 'double "q" \n end'],
    ["E", ""],
    ["F", ""],
    ["G", "a=b#c"],
  ]);
});

it("writes what it reads back the same", () => {
  const pairs = [
    ["PLAIN", "a/b:c"],
    ["SPACES", " x  y "],
    ["QUOTES", `it's "so" \\ and\nso on #`],
    ["EMPTY", ""],
  ] as const;
  expect(parseEnv(formatEnv(pairs.map(([name, value]) => ({ name, value }))))).toEqual(pairs);
});
