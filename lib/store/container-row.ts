import { type Container, ContainerSpec, ContainerState, ExitReason, MissingFeature } from "../contract/container.ts";
import { Problem } from "../contract/problem.ts";
import type { Container as ContainerRow } from "./generated/client.ts";

/** A row of `containers` as the contract has it. */
export function toContainer(row: ContainerRow): Container {
  const spec = ContainerSpec.parse(row.spec);
  return {
    ...spec,
    id: row.id,
    node: row.nodeId,
    hostname: spec.hostname ?? spec.name,
    state: ContainerState.parse(row.state),
    generation: row.generation,
    revision: Number(row.revision),
    idRange:
      row.idRangeStart === null || row.idRangeSize === null
        ? null
        : { start: Number(row.idRangeStart), size: Number(row.idRangeSize) },
    pid: row.pid,
    exitCode: row.exitCode,
    signal: row.signal,
    reason: ExitReason.nullable().parse(row.reason),
    oomKills: row.oomKills,
    createdAt: row.createdAt.toISOString(),
    startedAt: row.startedAt?.toISOString() ?? null,
    finishedAt: row.finishedAt?.toISOString() ?? null,
    restartCount: row.restartCount,
    nextStartAt: row.nextStartAt?.toISOString() ?? null,
    missing: MissingFeature.array().parse(row.missing),
    problem: Problem.nullable().parse(row.problem),
  };
}
