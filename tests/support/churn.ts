import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Instance } from "./instance.ts";

/** What a load has done: who was made and stays, who was made and deleted again. */
export interface Churned {
  kept: string[];
  deleted: string[];
  /** Calls that had no answer, or 503, and were sent again under the same key. */
  repeated: number;
}

/** Makes and starts containers one after the other and deletes all but every third, until told. */
export async function churn(instance: Instance, prefix: string, isOver: () => boolean): Promise<Churned> {
  const result: Churned = { kept: [], deleted: [], repeated: 0 };
  const send = async (method: string, path: string, body?: object) => {
    const headers = { "idempotency-key": randomUUID(), "content-type": "application/json" };
    for (let attempt = 0; ; attempt += 1) {
      const options = { method, headers, ...(body && { body: JSON.stringify(body) }) };
      const answer = await instance.request(path, options).catch(() => null);
      await answer?.arrayBuffer();
      if (answer?.ok) return;
      if (answer && answer.status !== 503) throw new Error(`${method} ${path} was answered with ${answer.status}`);
      if (attempt > 600) throw new Error(`${method} ${path} has had no answer`);
      result.repeated += 1;
      await sleep(100);
    }
  };
  for (let number = 0; !isOver(); number += 1) {
    const name = `${prefix}-${number}`;
    await send("POST", "/containers", { name, command: ["sleep", "600"], limits: { memoryBytes: 2 ** 25 } });
    await send("POST", `/containers/${name}/start`);
    if (number % 3 === 0) result.kept.push(name);
    else {
      await send("DELETE", `/containers/${name}?force=true`);
      result.deleted.push(name);
    }
  }
  return result;
}
