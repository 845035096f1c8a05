import { Check, CornerDownLeft } from "lucide-react";
import type { LabInfo, LabRun, LabTaskText } from "@/lib/contract/lab.ts";
import { Button } from "../ui/button.tsx";
import { cn } from "../ui/class-names.ts";
import { Disclosure } from "../ui/disclosure.tsx";
import { Progress } from "../ui/progress.tsx";

interface Props {
  lab: LabInfo;
  run: LabRun | null;
  /** Puts a command into the terminal; null while there is none. */
  onType: ((command: string) => void) | null;
}

/** What there is to do, each task with what the kernel says of it. */
export function LabTasks({ lab, run, onType }: Props) {
  const stateOf = (id: string) => run?.tasks.find((task) => task.id === id);
  const done = lab.tasks.filter(({ id }) => stateOf(id)?.done).length;
  return (
    <section aria-label="Tasks" className="flex min-w-0 flex-col rounded-xl border bg-surface shadow-card">
      <header className="border-b px-4 pt-3 pb-3.5">
        <div className="flex items-baseline justify-between gap-3">
          <h2 className="font-semibold text-sm tracking-tight">Tasks</h2>
          <span className="text-faint text-xs tabular-nums" role="status">
            {done} of {lab.tasks.length} done
          </span>
        </div>
        <Progress label="Tasks done" value={done / lab.tasks.length} tone="ok" className="mt-2.5" />
        <p className="mt-2.5 text-pretty text-soft text-xs">
          {run?.state === "running"
            ? "The kernel's state is read each second: it alone says what is done."
            : "Run the lab first. The kernel's state alone says what is done, not what was typed."}
        </p>
      </header>
      <ol className="divide-y">
        {lab.tasks.map((task) => (
          <Task key={task.id} task={task} state={stateOf(task.id)} onType={onType} />
        ))}
      </ol>
    </section>
  );
}

interface TaskProps {
  task: LabTaskText;
  state: LabRun["tasks"][number] | undefined;
  onType: Props["onType"];
}

function Task({ task, state, onType }: TaskProps) {
  const done = state?.done === true;
  return (
    <li className="flex gap-3 px-4 py-3.5" data-done={done}>
      <span
        role="img"
        aria-label={done ? "Done" : "Not done"}
        className={cn(
          "mt-px flex size-5 shrink-0 items-center justify-center rounded-full border transition-colors duration-300",
          done ? "border-ok bg-ok text-surface" : "border-line-strong text-transparent",
        )}
      >
        <Check className="size-3.5" strokeWidth={3} aria-hidden="true" />
      </span>
      <div className="min-w-0 flex-1">
        <p className="font-medium text-sm">{task.title}</p>
        <p className="mt-0.5 text-pretty text-soft text-sm">{task.detail}</p>
        <p className={cn("mt-1 text-xs", state?.now ? "text-ok" : "text-faint")}>
          {state?.now ? "So it is at this moment: " : "Seen in: "}
          {task.seenIn}
        </p>
        <Disclosure
          className="mt-2"
          summary={
            <summary className="w-fit cursor-pointer select-none rounded-sm text-accent text-xs">How to do it</summary>
          }
        >
          <div className="mt-1.5 flex items-center gap-1 rounded-md border bg-sunken py-0.5 pr-0.5 pl-2.5">
            <code className="min-w-0 flex-1 break-words font-mono text-xs">{task.command}</code>
            <Button
              variant="ghost"
              size="icon"
              disabled={!onType}
              aria-label={`Put into the terminal: ${task.command}`}
              onClick={() => onType?.(task.command)}
            >
              <CornerDownLeft />
            </Button>
          </div>
        </Disclosure>
      </div>
    </li>
  );
}
