import { describe, expect, it } from "vitest";
import { CreateContainer } from "@/lib/contract/container.ts";
import { exampleContainer } from "@/server/testing/example-container.ts";
import { byField, initialValues, pairRow, toRequest, validate, valuesOf } from "./form-values.ts";

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
    const request = toRequest({
      ...values,
      memory: "1,5",
      memoryUnit: "GiB",
      cpus: "0,25",
      env: [pairRow("A", "1=2"), pairRow(" B ", " x"), pairRow()],
    });
    expect(request.limits).toMatchObject({ memoryBytes: 1.5 * 1024 ** 3, cpus: 0.25 });
    expect(request.env).toEqual({ A: "1=2", B: " x" });
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

  it("reads back every setting of a container", () => {
    const container = exampleContainer({
      user: "www-data",
      userNamespace: "own",
      restart: "on-failure:5",
      limits: { memoryBytes: 3 * 1024 ** 3, cpus: 1.5, pids: 64 },
      env: { A: "b c" },
      labels: { app: "shop" },
      binds: [{ source: "/srv", target: "/data", readOnly: false }],
      readOnly: true,
    });
    const { image, command, env, workingDir, user, hostname, tty, network, limits, binds, labels } = container;
    expect(CreateContainer.parse(toRequest(valuesOf(container, "copy")))).toEqual({
      name: "copy",
      ...{ image, command, env, workingDir, user, hostname, tty, network, limits, binds, labels },
      ...{ userNamespace: "own", readOnly: true, restart: "on-failure:5", autoRemove: false },
    });
  });

  it("refuses what the schema alone lets pass", () => {
    expect(validate({ ...values, env: [pairRow("A", "1"), pairRow("A", "2")] }).env).toBe("A is there twice");
    expect(validate({ ...values, autoRemove: true, restart: "always" }).autoRemove).toBeTruthy();
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
