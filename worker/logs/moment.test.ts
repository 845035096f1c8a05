import { expect, it } from "vitest";
import { parseMoment } from "./moment.ts";

const now = Date.parse("2026-01-02T00:00:00.000Z");
const at = (text: string) => BigInt(Date.parse(text)) * 1_000_000n;

it.each([
  ["90s", at("2026-01-01T23:58:30Z")],
  ["10m", at("2026-01-01T23:50:00Z")],
  ["1d", at("2026-01-01T00:00:00Z")],
  ["2026-01-01T00:00:00Z", at("2026-01-01T00:00:00Z")],
  ["2026-01-01T01:00:00.5+01:00", at("2026-01-01T00:00:00.500Z")],
  ["2026-01-01T00:00:00.000000001Z", at("2026-01-01T00:00:00Z") + 1n],
])("understands %s", (text, expected) => expect(parseMoment(text, now)).toBe(expected));
