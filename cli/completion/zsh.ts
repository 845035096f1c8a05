import type { CommandInfo, OptionInfo } from "../describe-program.ts";

/** Completion for zsh, as a file of $fpath or sourced: verbs, options with what they do, values, names of containers. */
export function zshCompletion(commands: readonly CommandInfo[]): string {
  const verbs = commands.filter(({ path }) => !path.includes(" "));
  return `#compdef minirun
# Completion of minirun for zsh: source <(minirun completion zsh), after compinit
_minirun_containers() {
  local -a names
  names=(\${(f)"$(\${words[1]:-minirun} ls --quiet 2>/dev/null)"})
  _describe -t containers container names
}

${commands.map(functionOf).join("\n\n")}

_minirun() {
  local context state state_descr line
  typeset -A opt_args
  _arguments -C '--url[MiniRun to talk to]:address:' '(- *)--version[print the version]' '1: :->verb' '*:: :->words'
  case $state in
    verb)
      local -a verbs
      verbs=(
${verbs.flatMap(({ path, aliases, summary }) => [path, ...aliases].map((name) => `        ${quote(`${name}:${summary}`)}`)).join("\n")}
      )
      _describe -t verbs verb verbs ;;
    words)
      case $line[1] in
${verbs.map(({ path, aliases }) => `        ${[path, ...aliases].join("|")}) ${functionName(path)} ;;`).join("\n")}
      esac ;;
  esac
}

if [ "$funcstack[1]" = _minirun ]; then _minirun "$@"; else compdef _minirun minirun; fi
`;
}

function functionOf({ path, options, subcommands, takesContainer }: CommandInfo): string {
  const specifications = options.flatMap(specificationsOf);
  if (subcommands.length > 0) {
    const cases = subcommands.map((name) => `    ${name}) ${functionName(`${path} ${name}`)} ;;`).join("\n");
    return `${functionName(path)}() {
  local context state state_descr line
  _arguments -C ${specifications.join(" ")} ${quote(`1:verb:(${subcommands.join(" ")})`)} '*:: :->words'
  case $line[1] in
${cases}
  esac
}`;
  }
  const rest = takesContainer ? "'1:container:_minirun_containers' '*: :_minirun_containers'" : "'*: :_files'";
  return `${functionName(path)}() {
  _arguments -s -S ${[...specifications, rest].join(" \\\n    ")}
}`;
}

/** What _arguments takes: \`--memory[memory limit]:size:\`. */
function specificationsOf({ short, long, takesValue, choices, description }: OptionInfo): string[] {
  const text = description.replace(/[[\]:]/g, "\\$&");
  const value = takesValue ? `:value:${choices.length > 0 ? `(${choices.join(" ")})` : "_files"}` : "";
  return [short, long].flatMap((name) => (name === undefined ? [] : [quote(`*${name}[${text}]${value}`)]));
}

const functionName = (path: string) => `_minirun_${path.replaceAll(" ", "_")}`;
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
