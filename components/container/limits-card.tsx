"use client";

import { Pencil } from "lucide-react";
import { useState } from "react";
import type { Container, Limits } from "@/lib/contract/container.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import type { TracedSetting } from "@/lib/contract/trace-settings.ts";
import { problemFrom } from "../api.ts";
import { ChangedMeanwhile, saveChange } from "../create/save-change.ts";
import { formatBytes } from "../format.ts";
import { RoleButton } from "../shell/role-button.tsx";
import { Card } from "../ui/card.tsx";
import { cn } from "../ui/class-names.ts";
import { toastDone } from "../ui/toaster.tsx";
import { LimitsForm } from "./limits-form.tsx";
import { ShowSteps, useTracedSettings } from "./traced-settings.tsx";

interface Props {
  container: Container;
  onChanged: (container: Container) => void;
}

/** A container's limits; a change takes effect at once, also while it runs. */
export function LimitsCard({ container, onChanged }: Props) {
  /** The container as it stood when editing began: what a change is based on. */
  const [base, setBase] = useState<Container | null>(null);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);

  const edit = (from: Container | null) => {
    setProblem(null);
    setBase(from);
  };
  /** `seen` is what the person has seen of the container: what somebody did after that is neither overwritten nor undone. */
  const save = async (limits: Limits, seen: Container) => {
    setPending(true);
    try {
      const after = await saveChange(seen, { limits });
      onChanged(after);
      toastDone("Limits changed", async () => onChanged(await saveChange(after, { limits: seen.limits })));
      edit(null);
    } catch (error) {
      if (error instanceof ChangedMeanwhile) onChanged(error.container);
      setProblem(problemFrom(error));
    } finally {
      setPending(false);
    }
  };

  return (
    <Card
      title="Limits"
      aside={
        !base && (
          <RoleButton size="sm" onClick={() => edit(container)}>
            <Pencil />
            Change
          </RoleButton>
        )
      }
    >
      {base ? (
        <LimitsForm
          initial={base.limits}
          current={container.limits}
          pending={pending}
          problem={problem}
          onSave={(limits) => void save(limits, base)}
          onOverwrite={(limits) => void save(limits, container)}
          onCancel={() => edit(null)}
        />
      ) : (
        <dl className="px-4 py-3 text-sm">
          <Fact
            name="Memory"
            setting="limits.memoryBytes"
            value={formatBytes(container.limits.memoryBytes)}
            note="swap included"
          />
          <Fact
            name="CPU"
            setting="limits.cpus"
            value={container.limits.cpus === 1 ? "1 core" : `${container.limits.cpus} cores`}
          />
          <Fact
            name="Processes"
            setting="limits.pids"
            value={container.limits.pids.toLocaleString("en-US")}
            note="threads count"
          />
        </dl>
      )}
    </Card>
  );
}

interface FactProps {
  name: string;
  setting: TracedSetting;
  value: string;
  note?: string;
}

function Fact({ name, setting, value, note }: FactProps) {
  const { wanted } = useTracedSettings();
  return (
    <div
      className={cn(
        "-mx-2 flex items-baseline justify-between rounded px-2 py-1",
        wanted === setting && "bg-accent-soft",
      )}
    >
      <dt className="flex items-baseline gap-1 text-soft">
        {name}
        <ShowSteps setting={setting} />
      </dt>
      <dd className="tabular-nums">
        {note && <span className="mr-2 text-faint text-xs">{note}</span>}
        {value}
      </dd>
    </div>
  );
}
