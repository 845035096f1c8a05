import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { fail } from "../lib/contract/problem.ts";
import { CliError, describeError, exitCodeOf } from "./errors.ts";
import { styleFor } from "./style.ts";

const plain = styleFor({ isTTY: false });

it("shows the kernel's answer, its numbers and the remedy", () => {
  const error = fail("command-not-found", "The command is not in the image", "can't execute /bin/nope (ENOENT)", {
    cause: { step: "exec", call: "execve", subject: "/bin/nope", errno: 2, errnoName: "ENOENT" },
    details: { memoryLimit: 4096 },
    remedy: "check the command",
  });
  expect(describeError(error, plain).split("\n")).toEqual([
    "error: The command is not in the image",
    "  can't execute /bin/nope (ENOENT)",
    "  step exec: execve(/bin/nope) = ENOENT (2)",
    "  memoryLimit 4096",
    "  → check the command",
  ]);
});

it("names each field that does not fit, once", () => {
  const errors = [
    { path: "name", message: "is malformed" },
    { path: "limits.cpus", message: "is too small" },
  ];
  const error = fail("validation-failed", "The request does not fit", "name: is malformed", { errors });
  expect(describeError(error, plain)).toBe(
    "error: The request does not fit\n  name: is malformed\n  limits.cpus: is too small",
  );
});

it("tells wrong usage, a refusal and an unreachable server apart", () => {
  expect(exitCodeOf(new CommanderError(1, "commander.unknownOption", "unknown option"))).toBe(2);
  expect(exitCodeOf(new CommanderError(0, "commander.helpDisplayed", ""))).toBe(0);
  expect(exitCodeOf(fail("name-taken", "taken", "taken"))).toBe(1);
  expect(exitCodeOf(new CliError("away", { exitCode: 125 }))).toBe(125);
});
