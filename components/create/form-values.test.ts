import { describe, expect, it } from "vitest";
import { CreateContainer } from "@/lib/contract/container.ts";
import { byField, initialValues, toRequest, validate } from "./form-values.ts";

const values = initialValues("web");

describe("the create form", () => {
  it("begins with what the server would take anyway", () => {
    expect(validate(values)).toEqual({});
    expect(CreateContainer.parse(toRequest(values))).toEqual(CreateContainer.parse({ name: "web" }));
  });

  it("gives fields that are left empty their defaults", () => {
    const empty = { ...values, name: "", image: "", command: " ", workingDir: "", memory: "", cpus: "", pids: "" };
    expect(validate(empty)).toEqual({});
    expect(CreateContainer.parse(toRequest(empty))).toEqual(CreateContainer.parse({}));
  });

  it("reads sizes, commas and variables", () => {
    const request = toRequest({ ...values, memory: "1,5", memoryUnit: "GiB", cpus: "0,25", env: "A=1=2\n\n B = x\nC" });
    expect(request.limits).toMatchObject({ memoryBytes: 1.5 * 1024 ** 3, cpus: 0.25 });
    expect(request.env).toEqual({ A: "1=2", B: " x", C: "" });
  });

  it("says in its place what does not fit", () => {
    const wrong = {
      ...values,
      name: "No",
      command: "echo 'x",
      workingDir: "tmp",
      memory: "1",
      memoryUnit: "KiB",
      cpus: "zero",
    } as const;
    const errors = validate(wrong);
    expect(Object.keys(errors).sort()).toEqual(["command", "cpus", "memory", "name", "workingDir"]);
    expect(errors.cpus).toBe("must be a number");
  });

  it("puts the server's words to the field that they are about", () => {
    expect(
      byField([
        { path: "limits.memoryBytes", message: "too small" },
        { path: "env.A", message: "has NUL" },
        { path: "elsewhere", message: "lost" },
      ]),
    ).toEqual({ memory: "too small", env: "has NUL" });
  });
});
