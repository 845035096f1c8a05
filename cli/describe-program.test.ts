import { execFileSync, spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { bashCompletion } from "./completion/bash.ts";
import { fishCompletion } from "./completion/fish.ts";
import { zshCompletion } from "./completion/zsh.ts";
import { describeProgram } from "./describe-program.ts";
import { manualPage } from "./manual-page.ts";
import { makeWholeProgram } from "./program.ts";

const commands = describeProgram(await makeWholeProgram());

/** What bash offers for words, the last of which is being typed; `minirun ls -q` there says web and job. */
function complete(...words: string[]): string[] {
  const script = `minirun() { [ "$1 $2" = "ls --quiet" ] && printf 'web\\njob\\n'; }
${bashCompletion(commands)}
COMP_WORDS=(minirun ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
_minirun; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["-c", script], { encoding: "utf8" }).split("\n").filter(Boolean);
}

it("completes verbs, their options, values and containers in bash", () => {
  expect(complete("re")).toEqual(["restart", "resume", "rename", "recordings", "recording", "replay", "restore"]);
  expect(complete("--url", "http://x", "heal")).toEqual(["health"]);
  expect(complete("rm", "--f")).toEqual(["--force"]);
  expect(complete("stop", "")).toEqual(["web", "job"]);
  expect(complete("exec", "-it", "w")).toEqual(["web"]);
  expect(complete("logs", "--stream", "std")).toEqual(["stdout", "stderr"]);
  expect(complete("files", "m")).toEqual(["mkdir", "mv"]);
  expect(complete("files", "rm", "--rec")).toEqual(["--recursive"]);
  expect(complete("files", "cat", "j")).toEqual(["job"]);
});

it("leaves the value of an option to the shell's own completion", () => {
  expect(complete("run", "--env-file", "x")).toEqual([]);
});

const shells = { zsh: zshCompletion, fish: fishCompletion };
it.each(Object.entries(shells))(
  "knows every verb and long option in %s, in its grammar where it is here",
  (shell, make) => {
    const script = make(commands);
    for (const { path, options } of commands) {
      expect(script).toContain(path.split(" ").at(-1));
      for (const { long } of options) expect(script).toContain(shell === "fish" ? `-l ${long?.slice(2)}` : long);
    }
    const { error, stderr } = spawnSync(shell, ["--no-execute"], { input: script, encoding: "utf8" });
    if (!error) expect(stderr).toBe("");
  },
);

it("has every verb, option and example in the manual page", () => {
  const page = manualPage(commands, "1.2.3");
  const plain = page.replaceAll("\\-", "-").replaceAll("\\(aq", "'").replaceAll("\\e", "\\");
  expect(page.split("\n")[0]).toBe('.TH MINIRUN 1 "" "MiniRun 1.2.3" "User Commands"');
  for (const { path, options, examples } of commands) {
    expect(plain).toContain(`.SS minirun ${path}`);
    for (const { flags } of options) expect(plain).toContain(`.B ${flags}`);
    for (const example of examples) expect(plain).toContain(example);
  }
  // A line that begins with a dot is a request, and there are no others than these.
  expect(page.split("\n").filter((line) => /^[.']/.test(line) && !/^\.(TH|SH|SS|TP|PP|B|nf|fi)\b/.test(line))).toEqual(
    [],
  );
});
