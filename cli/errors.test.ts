import { CommanderError } from "commander";
import { expect, it } from "vitest";
import { UnreachableError } from "../lib/client/api.ts";
import { fail } from "../lib/contract/problem.ts";
import { attachedExitCodeOf, CliError, describeError, exitCodeOf, explainUnreachable } from "./errors.ts";
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

it("has Docker's exit codes where the container's own is passed on", () => {
  expect(attachedExitCodeOf(fail("command-not-found", "none", "none"))).toBe(127);
  expect(attachedExitCodeOf(fail("command-not-executable", "no", "no"))).toBe(126);
  expect(attachedExitCodeOf(fail("name-taken", "taken", "taken"))).toBe(125);
  expect(attachedExitCodeOf(new CliError("away"))).toBe(125);
});

it("says why nothing answers, and what to do", () => {
  const cause = new Error("fetch failed", { cause: new Error("connect ECONNREFUSED") });
  const error = explainUnreachable(new UnreachableError("http://x", { cause }));
  expect(describeError(error, plain)).toMatch(
    /^error: MiniRun does not answer at http:..x: connect ECONNREFUSED\.\n {2}→ /,
  );
  expect(exitCodeOf(error)).toBe(125);
});

it("shows nothing of a container's that a terminal would obey", () => {
  const error = fail("file-not-found", "No such file", "\x1b[2Jevil is not there\nsecond line");
  expect(describeError(error, plain)).toBe("error: No such file\n  �[2Jevil is not there\n  second line");
});
