import type { LabState } from "./state.ts";

/** What is said of a line of a lab's program: `line` is a part of it that no other line has. */
export interface LabNote {
  line: string;
  text: string;
}

/** Something to do in a lab. The kernel's state says whether it is done, not what was typed. */
export interface LabTask {
  id: string;
  title: string;
  detail: string;
  /** A command for the lab's shell that does it. */
  command: string;
  /** Which state of the kernel is looked at. */
  seenIn: string;
  isDone(state: LabState): boolean;
}

/** A small program that shows how containers are made, with what there is to read and to do. Backquotes mark code. */
export interface Lab {
  /** Also its program's: native/labs/NAME.cc. */
  name: string;
  title: string;
  summary: string;
  text: readonly string[];
  notes: readonly LabNote[];
  tasks: readonly LabTask[];
}

export interface AnchoredNote {
  /** Counted from 1. */
  line: number;
  text: string;
}

/** The notes with the lines that they stand beside. Throws when a note fits no line, or several. */
export function anchorNotes({ name, notes }: Pick<Lab, "name" | "notes">, source: string): AnchoredNote[] {
  const lines = source.split("\n");
  return notes.map(({ line, text }) => {
    const found = lines.flatMap((content, index) => (content.includes(line) ? [index + 1] : []));
    if (found.length === 1 && found[0]) return { line: found[0], text };
    throw new Error(`a note of ${name} fits ${found.length} lines: ${line}`);
  });
}
