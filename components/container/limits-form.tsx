"use client";

import { type FormEvent, useState } from "react";
import { Limits } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { formatBytes } from "../format.ts";
import { Button } from "../ui/button.tsx";
import { Field, Input } from "../ui/field.tsx";
import { Prose } from "../ui/prose.tsx";
import { Select } from "../ui/select.tsx";

const units = [
  { value: "KiB", label: "KiB", bytes: 1024 },
  { value: "MiB", label: "MiB", bytes: 1024 ** 2 },
  { value: "GiB", label: "GiB", bytes: 1024 ** 3 },
] as const;
type Unit = (typeof units)[number]["value"];

interface Props {
  initial: Limits;
  /** As they are now: others than the initial ones when somebody else changed them. */
  current: Limits;
  pending: boolean;
  problem: Problem | null;
  onSave: (limits: Limits) => void;
  onOverwrite: (limits: Limits) => void;
  onCancel: () => void;
}

/** Asks for limits. */
export function LimitsForm({ initial, current, pending, problem, onSave, onOverwrite, onCancel }: Props) {
  const [unit, setUnit] = useState<Unit>(() => bestUnit(initial.memoryBytes));
  const [memory, setMemory] = useState(() => String(initial.memoryBytes / bytesOf(unit)));
  const [cpus, setCpus] = useState(String(initial.cpus));
  const [pids, setPids] = useState(String(initial.pids));
  const parsed = Limits.safeParse({
    memoryBytes: Math.round(readNumber(memory) * bytesOf(unit)),
    cpus: readNumber(cpus),
    pids: readNumber(pids),
  });
  const error = (name: keyof Limits) => parsed.error?.issues.find(({ path }) => path[0] === name)?.message;
  const overtaken = problem?.code === "changed-meanwhile";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (parsed.success) onSave(parsed.data);
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 p-4">
      <Field name="memory" label="Memory" error={error("memoryBytes")}>
        <div className="flex gap-2">
          <Input value={memory} inputMode="decimal" onChange={(event) => setMemory(event.target.value)} />
          <Select aria-label="Unit of memory" items={units} value={unit} onValueChange={setUnit} className="w-20" />
        </div>
      </Field>
      <div className="grid grid-cols-2 gap-3">
        <Field name="cpus" label="CPU cores" error={error("cpus")}>
          <Input value={cpus} inputMode="decimal" onChange={(event) => setCpus(event.target.value)} />
        </Field>
        <Field name="pids" label="Processes" error={error("pids")}>
          <Input value={pids} inputMode="numeric" onChange={(event) => setPids(event.target.value)} />
        </Field>
      </div>
      {problem && (
        <div role="alert" className="rounded-lg border border-bad/25 bg-bad-soft px-3 py-2 text-xs">
          <p className="font-medium">{overtaken ? "Somebody else changed this container meanwhile" : problem.title}</p>
          <p className="text-pretty text-soft">
            <Prose>
              {overtaken
                ? `Its limits are now ${describe(current)}.`
                : [problem.detail, problem.remedy].filter(Boolean).join(" ")}
            </Prose>
          </p>
        </div>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="ghost" onClick={onCancel}>
          {overtaken ? "Keep theirs" : "Cancel"}
        </Button>
        {overtaken ? (
          <Button variant="primary" pending={pending} onClick={() => parsed.success && onOverwrite(parsed.data)}>
            Set mine
          </Button>
        ) : (
          <Button type="submit" variant="primary" pending={pending} disabled={!parsed.success}>
            Set limits
          </Button>
        )}
      </div>
    </form>
  );
}

function describe({ memoryBytes, cpus, pids }: Limits): string {
  return `${formatBytes(memoryBytes)}, ${cpus} CPU, ${pids} processes`;
}

/** A number with a decimal point or comma; not a number when it is none. */
function readNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}

function bytesOf(unit: Unit): number {
  return units.find(({ value }) => value === unit)?.bytes ?? 1;
}

function bestUnit(bytes: number): Unit {
  return units.findLast((unit) => bytes % unit.bytes === 0)?.value ?? "KiB";
}
