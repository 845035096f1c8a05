import type { CommandInfo, OptionInfo } from "../describe-program.ts";

/** Completion for fish: verbs, options with what they do, values, names of containers. */
export function fishCompletion(commands: readonly CommandInfo[]): string {
  const verbs = commands.filter(({ path }) => !path.includes(" "));
  return `# Completion of minirun for fish: minirun completion fish | source
function __minirun_containers
    set -l words (commandline -opc)
    $words[1] ls --quiet 2>/dev/null
end

complete -c minirun -n __fish_use_subcommand -f
complete -c minirun -n __fish_use_subcommand -l url -r -d 'MiniRun to talk to'
${verbs.map(verbLine).join("\n")}
${commands.map(commandLines).filter(Boolean).join("\n")}
`;
}

function verbLine({ path, aliases, summary }: CommandInfo): string {
  return `complete -c minirun -n __fish_use_subcommand -a '${[path, ...aliases].join(" ")}' -d ${quote(summary)}`;
}

function commandLines(command: CommandInfo): string {
  const { path, aliases, subcommands, takesContainer, options } = command;
  const [verb = "", below] = path.split(" ");
  const seen = `__fish_seen_subcommand_from ${below === undefined ? [verb, ...aliases].join(" ") : verb}`;
  const condition = quote(below === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${below}`);
  const lines = options.map((option) => `complete -c minirun -n ${condition} ${optionWords(option)}`);
  if (subcommands.length > 0) lines.push(`complete -c minirun -n ${condition} -f -a '${subcommands.join(" ")}'`);
  else if (takesContainer && path !== "cp")
    lines.push(`complete -c minirun -n ${condition} -f -a '(__minirun_containers)'`);
  return lines.join("\n");
}

function optionWords({ short, long, takesValue, choices, description }: OptionInfo): string {
  return [
    ...(short ? [`-s ${short.slice(1)}`] : []),
    ...(long ? [`-l ${long.slice(2)}`] : []),
    ...(takesValue ? ["-r"] : []),
    ...(choices.length > 0 ? [`-f -a '${choices.join(" ")}'`] : []),
    `-d ${quote(description)}`,
  ].join(" ");
}

const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
