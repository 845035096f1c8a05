import { expect, it } from "vitest";
import { parseSecrets, readSecrets } from "./secrets.ts";

const secrets = {
  tokenHash: "0".repeat(64),
  sessionSecret: "ab".repeat(32),
  version: "1.0.0",
  databaseMode: "embedded",
};

it("reads what the supervisor writes", () => {
  expect(parseSecrets(JSON.stringify(secrets))).toMatchObject(secrets);
});

it("names what does not fit and never shows it", () => {
  const wrong = JSON.stringify({ ...secrets, sessionSecret: "hunter2" });
  expect(() => parseSecrets(wrong)).toThrow(/sessionSecret/);
  expect(() => parseSecrets(wrong)).not.toThrow(/hunter2/);
  expect(() => parseSecrets("{hunter2")).toThrow("the secrets are not JSON");
});

it("says what is missing when the descriptor is not open", () => {
  expect(() => readSecrets(999)).toThrow(/descriptor 999.*minirun up/);
});
