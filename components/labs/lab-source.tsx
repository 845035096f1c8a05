import type { LabInfo } from "@/lib/contract/lab.ts";
import { cn } from "../ui/class-names.ts";
import { Prose } from "../ui/prose.tsx";
import { highlight, type Token } from "./highlight.ts";

interface Segment {
  /** Of its first line, counted from 1. */
  start: number;
  lines: string[];
  note: string | null;
}

/** A lab's program with each note beside the line that it is about; below it where there is no room. */
export function LabSource({ lab: { file, source, notes } }: { lab: LabInfo }) {
  return (
    <section aria-label="Program" className="mt-8">
      <header className="flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="font-semibold text-lg tracking-tight">The program</h2>
        <p className="font-mono text-faint text-xs">
          {file} · g++ -std=c++20 {file.split("/").at(-1)}
        </p>
      </header>
      <div className="mt-3 overflow-hidden rounded-xl border bg-surface py-3 shadow-card">
        {split(source, notes).map((segment) => (
          <div key={segment.start} className="grid lg:grid-cols-[minmax(0,1fr)_22rem]">
            <Code segment={segment} />
            {segment.note && <Note line={segment.start} text={segment.note} />}
          </div>
        ))}
      </div>
    </section>
  );
}

/** Every line with a note begins a segment, so that the note can stand beside it. */
function split(source: string, notes: LabInfo["notes"]): Segment[] {
  const lines = source.trimEnd().split("\n");
  const starts = [...new Set([1, ...notes.map(({ line }) => line)])].sort((one, other) => one - other);
  return starts.map((start, index) => ({
    start,
    lines: lines.slice(start - 1, (starts[index + 1] ?? lines.length + 1) - 1),
    note: notes.find(({ line }) => line === start)?.text ?? null,
  }));
}

function Code({ segment: { start, lines, note } }: { segment: Segment }) {
  return (
    <div className="min-w-0 font-mono text-xs leading-5">
      {lines.map((line, index) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name than their number
          key={index}
          className={cn("flex pr-4", note !== null && index === 0 && "bg-accent-soft")}
        >
          <span
            className={cn(
              "w-12 shrink-0 select-none border-r-2 border-transparent pr-3 text-right text-faint tabular-nums max-sm:w-9 max-sm:pr-2",
              note !== null && index === 0 && "border-accent text-accent",
            )}
          >
            {start + index}
          </span>
          <code className="min-w-0 whitespace-pre-wrap break-words pl-3">
            {line === "" ? " " : highlight(line).map(showToken)}
          </code>
        </div>
      ))}
    </div>
  );
}

const colors: Record<Token["kind"], string> = {
  plain: "",
  comment: "text-faint italic",
  string: "text-ok",
  keyword: "text-accent",
  directive: "text-warn",
  number: "text-warn",
};

function showToken({ text, kind }: Token, index: number) {
  return kind === "plain" ? (
    text
  ) : (
    <span key={index} className={colors[kind]}>
      {text}
    </span>
  );
}

function Note({ line, text }: { line: number; text: string }) {
  return (
    <aside aria-label={`Line ${line}`} className="max-lg:my-2 max-lg:ml-12 max-lg:pr-4 max-sm:ml-9 lg:border-l lg:px-5">
      <p className="border-accent text-pretty text-soft text-sm max-lg:border-l-2 max-lg:pl-3 lg:pb-4">
        <Prose>{text}</Prose>
      </p>
    </aside>
  );
}
