import { Container } from "../../lib/contract/container.ts";
import { OperationResult } from "../../lib/contract/operation.ts";

/** A container as tests need one; what matters to a test it names. */
export function exampleContainer(change: Partial<Container> = {}): Container {
  return Container.parse({
    id: "3f0d7a55-7a40-4c57-9d0e-2f6f2ba6a9f1",
    name: "calm-otter",
    node: "test",
    image: "host",
    command: ["/bin/bash", "-l"],
    env: {},
    workingDir: "/",
    hostname: "calm-otter",
    tty: true,
    network: "loopback",
    limits: { memoryBytes: 64 * 1024 * 1024, cpus: 0.5, pids: 64 },
    restart: "no",
    state: "created",
    generation: 1,
    pid: null,
    exitCode: null,
    signal: null,
    reason: null,
    oomKills: 0,
    createdAt: "2026-01-01T00:00:00.000Z",
    startedAt: null,
    finishedAt: null,
    missing: [],
    problem: null,
    ...change,
  });
}

/** An operation on it that has succeeded. */
export function exampleOperation(change: Partial<OperationResult> = {}): OperationResult {
  const at = "2026-01-01T00:00:00.000Z";
  return OperationResult.parse({
    id: "5b9f6f0e-1f0b-4a4e-8f6d-0c6ad0a3c1de",
    containerId: exampleContainer().id,
    verb: "start",
    principal: "operator",
    generation: 1,
    state: "succeeded",
    requestedAt: at,
    startedAt: at,
    finishedAt: at,
    problem: null,
    container: null,
    ...change,
  });
}
