import { expect, it } from "vitest";
import { callPath, curlLine } from "./call-line.ts";

const parameters = [
  { name: "name", in: "path" },
  { name: "search", in: "query" },
];
const call = { method: "GET", path: "/containers/{name}", parameters, values: { name: "a/b", search: "x y" } };

it("fills in path and query", () => {
  expect(callPath(call)).toBe("/containers/a%2Fb?search=x+y");
  expect(callPath({ ...call, values: {} })).toBe("/containers/{name}");
});

it("writes a curl command that a shell reads as it was meant", () => {
  const options = { origin: "http://h", signIn: true, mediaType: "application/json", body: `{"a":"it's"}` };
  expect(curlLine({ ...call, method: "PATCH" }, options)).toBe(
    [
      "curl -X PATCH 'http://h/api/v1/containers/a%2Fb?search=x+y'",
      `-H "Authorization: Bearer $(./minirun token)"`,
      "-H 'Content-Type: application/json'",
      `-d '{"a":"it'\\''s"}'`,
    ].join(" \\\n  "),
  );
});
