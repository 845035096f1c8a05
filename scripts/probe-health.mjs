// Waits until a deployed release serves: node probe-health.mjs RUN RELEASE SECONDS any|ok PARENT
// RUN is the installation's run folder, RELEASE the hash of the contents that must be the one which runs. With `ok`
// /health has to say so; `any` takes a degraded one whose worker answers. Exit code 1, with the reason, when it does not.
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const [run, release, seconds, want, parent] = process.argv.slice(2);
/** A part that ended this often will not come by waiting. */
const mostRestarts = 3;
/** Once is luck. */
const goodAnswers = 3;

function readState() {
  const state = JSON.parse(readFileSync(`${run}/supervisor.json`, "utf8"));
  if (state.release !== release) throw new Error(`release ${state.release} runs, and not ${release}`);
  process.kill(state.pid, 0);
  return state;
}

/** Resolves when all is well; rejects with what is not (yet). */
async function probe() {
  const state = readState();
  for (const [name, part] of Object.entries(state.parts)) {
    if (part.restarts >= mostRestarts) {
      throw Object.assign(new Error(`${name} ${part.reason}, ${part.restarts} times`), { hopeless: true });
    }
  }
  const answer = await fetch(`${state.url}/api/v1/health`, { signal: AbortSignal.timeout(5000), redirect: "error" });
  if (!answer.ok) throw new Error(`/health answered ${answer.status}`);
  const health = await answer.json();
  if (health.worker?.status !== "connected") throw new Error("the worker does not answer");
  if (want === "ok" && health.status !== "ok") throw new Error(health.reasons.join("; "));
}

const deadline = Date.now() + Number(seconds) * 1000;
let good = 0;
let last = "it was not asked";
// The parent may be killed, before this begins even: then nobody waits for the answer.
while (good < goodAnswers && Date.now() < deadline && process.ppid === Number(parent)) {
  try {
    await probe();
    good += 1;
  } catch (error) {
    good = 0;
    last = error.cause?.message ?? error.message;
    if (error.hopeless) break;
  }
  if (good < goodAnswers) await sleep(150);
}
if (good < goodAnswers) {
  console.log(last);
  process.exit(1);
}
