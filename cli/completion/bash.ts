import type { CommandInfo } from "../describe-program.ts";

/** Completion for bash: verbs, options, their values, and the names of containers. */
export function bashCompletion(commands: readonly CommandInfo[]): string {
  const verbs = commands.filter(({ path }) => !path.includes(" ")).flatMap(({ path, aliases }) => [path, ...aliases]);
  return `# Completion of minirun for bash: source <(minirun completion bash)
_minirun() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} verb= below= at
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    case \${COMP_WORDS[at]} in
      --url) at=$((at + 1)) ;;
      -*) ;;
      *) if [ -z "$verb" ]; then verb=\${COMP_WORDS[at]}; else below=\${COMP_WORDS[at]}; break; fi ;;
    esac
  done
  if [ -z "$verb" ]; then
    _minirun_words '${verbs.join(" ")} help --url --version --help'
    return
  fi
  case "$verb $below" in
${commands
  .toSorted((a, b) => b.path.length - a.path.length)
  .map(caseOf)
  .join("\n")}
  esac
}

# Offers the words that begin with what was typed.
_minirun_words() {
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$cur")
}

_minirun_containers() {
  _minirun_words "$("\${COMP_WORDS[0]}" ls --quiet 2>/dev/null)"
}

complete -o bashdefault -o default -F _minirun minirun
`;
}

function caseOf({ path, aliases, options, subcommands, takesContainer }: CommandInfo): string {
  const patterns = [path, ...aliases].map((name) => `'${name}'${path.includes(" ") ? "" : "' '*"}`).join(" | ");
  const withValue = options.filter(({ takesValue }) => takesValue);
  const values = withValue.map((option) => {
    const names = [option.short, option.long].filter((name) => name !== undefined).join(" | ");
    return `        ${names}) ${option.choices.length > 0 ? `_minirun_words '${option.choices.join(" ")}'; ` : ""}return ;;`;
  });
  const words = options.flatMap(({ short, long }) => [short, long]).filter((word) => word !== undefined);
  const rest =
    subcommands.length > 0 ? `_minirun_words '${subcommands.join(" ")}'` : takesContainer ? "_minirun_containers" : ":";
  return `    ${patterns})
${values.length > 0 ? `      case $prev in\n${values.join("\n")}\n      esac\n` : ""}      case $cur in
        -*) _minirun_words '${words.join(" ")}' ;;
        *) ${rest} ;;
      esac ;;`;
}
