import type { CommandInfo } from "./describe-program.ts";

/** The manual page minirun(1), in the macros of man(7), from the same tree as the help. */
export function manualPage(commands: readonly CommandInfo[], version: string): string {
  return `${[
    `.TH MINIRUN 1 "" "MiniRun ${version}" "User Commands"`,
    ".SH NAME",
    "minirun \\- a container engine that you can see through",
    ".SH SYNOPSIS",
    ".B minirun",
    "[\\-\\-url ADDRESS] VERB [OPTION]... [WORD]...",
    ...commands.flatMap((command, at) => [...groupOf(command, commands[at - 1]), ...sectionOf(command)]),
    ".SH EXIT STATUS",
    ...exitCodes.flatMap(([code, what]) => [".TP", roff(code), roff(what)]),
    ".SH ENVIRONMENT",
    ...environment.flatMap(([name, what]) => [".TP", roff(name), roff(what)]),
  ].join("\n")}\n`;
}

const exitCodes = [
  ["0", "It is done."],
  ["1", "It was refused, or failed; standard error says what, why, and what to do."],
  ["2", "The command line was wrong."],
  ["3", "A threshold of monitor was passed."],
  [
    "125, 126, 127",
    "Of run, exec, attach and start --attach, which else end with the container's own exit code: MiniRun could not do it, the command cannot be executed, there is no such command. 125 is also: MiniRun cannot be reached.",
  ],
] as const;

const environment = [
  ["MINIRUN_URL, MINIRUN_TOKEN", "The MiniRun to talk to, and its token; this machine's when unset."],
  ["MINIRUN_HOME, MINIRUN_RUN", "Folders of its state, /var/lib/minirun and /run/minirun when unset."],
  ["MINIRUN_NO_AUTH", "true: as up --no-auth."],
  ["MINIRUN_HOST, MINIRUN_PORT", "What up listens on, 127.0.0.1 and 8080 when unset."],
  ["DATABASE_URL", "An outside PostgreSQL instead of the one that comes along."],
  ["NO_COLOR", "No colours when it is set."],
] as const;

function groupOf({ group, path }: CommandInfo, before: CommandInfo | undefined): string[] {
  if (path.includes(" ") || group === before?.group || group === "") return [];
  return [`.SH ${roff(group.replace(/:$/, "").toUpperCase())}`];
}

function sectionOf({ usage, aliases, description, options, examples }: CommandInfo): string[] {
  return [
    `.SS ${roff(usage)}`,
    roff(description) + (aliases.length > 0 ? roff(` The same: ${aliases.join(", ")}.`) : ""),
    ...options.flatMap(({ flags, description }) => [".TP", `.B ${roff(flags)}`, roff(description)]),
    ...(examples.length > 0
      ? [".PP", "Examples:", ".PP", ".nf", ...examples.map((line) => `    ${roff(line)}`), ".fi"]
      : []),
  ];
}

/** Text as roff takes it: a backslash, a hyphen, and what would begin a request or be a typographic quote. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replaceAll("'", "\\(aq").replace(/^\./, "\\&.");
}
