import { type Command, InvalidArgumentError } from "commander";
import { type Container, ListContainers } from "../../lib/contract/container.ts";
import { parseOrFail } from "../../lib/contract/problem.ts";
import { type ContainerColumn, containerColumns, isContainerColumn, usualColumns } from "../container-columns.ts";
import { defined } from "../container-options.ts";
import { addExamples } from "../examples.ts";
import { type Filter, matches, readFilter } from "../list-filters.ts";
import { jsonOption, readCount } from "../options.ts";
import { printRows } from "../print-table.ts";
import { readAllContainers } from "../read-all-containers.ts";
import { targetOf } from "../target.ts";

interface ListOptions {
  all?: boolean;
  filter?: Filter[];
  state?: string;
  search?: string;
  sort?: string;
  last?: number;
  format?: Format;
  trunc: boolean;
  quiet?: boolean;
  json?: boolean;
}

type Format = "json" | readonly ContainerColumn[];

export function registerList(program: Command): void {
  const command = program
    .command("list")
    .alias("ls")
    .summary("list all containers")
    .description("Lists all containers, the youngest first. ps is the same for those that run.");
  addListOptions(command).action((options: ListOptions, command: Command) => list(options, command));
  addExamples(
    command,
    "./minirun list",
    "./minirun list --state exited,lost --sort name",
    "./minirun ls --format name,state,exit,labels",
    "./minirun rm $(./minirun ls -q --state exited)",
  );
}

export function registerPs(program: Command): void {
  const command = program
    .command("ps")
    .summary("list the containers that run")
    .description(
      "Lists the containers that run, also paused or about to restart, the youngest first; with -a all of them.",
    )
    .option("-a, --all", "the others too: list does the same");
  addListOptions(command).action((options: ListOptions, command: Command) => {
    const namesStates = options.state || options.filter?.some(({ key }) => key === "status");
    const all = options.all || namesStates || options.last !== undefined;
    return list(all ? options : { ...options, state: "starting,running,paused,stopping,restarting" }, command);
  });
  addExamples(
    command,
    "./minirun ps",
    "./minirun ps -a --filter status=exited --filter label=stage=test",
    "./minirun ps -q",
    "./minirun ps --format json",
  );
}

function addListOptions(command: Command): Command {
  return command
    .option(
      "-f, --filter <key=value>",
      "name, id, status, label, image, exited or node; of one key any may fit, of labels all must",
      readFilter,
    )
    .option(
      "--state <states>",
      "created, starting, running, paused, stopping, restarting, exited, lost; commas between",
    )
    .option("--search <text>", "only those with this in name, image, command or label")
    .option("--sort <key>", "name, createdAt, startedAt, state or image; with - in front from the other end")
    .option("-n, --last <number>", "only the first of the list: the youngest, unless it is sorted otherwise", readCount)
    .option("--format <format>", `json, table, or columns: ${Object.keys(containerColumns).join(", ")}`, readFormat)
    .option("--no-trunc", "whole commands")
    .option("-q, --quiet", "print names alone")
    .addOption(jsonOption());
}

function readFormat(text: string): Format {
  if (text === "json") return "json";
  if (text === "table") return usualColumns;
  const names = text.split(",");
  const unknown = names.find((name) => !isContainerColumn(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`'${unknown}' is no column.`);
  return names.filter(isContainerColumn);
}

async function list(options: ListOptions, command: Command): Promise<void> {
  const { state, search, sort, filter = [], last = Number.POSITIVE_INFINITY, format = usualColumns } = options;
  const query = parseOrFail(ListContainers, defined({ state, search, sort }));
  // The API takes states as it shows them in an address: with commas between.
  const all = await readAllContainers(targetOf(command).client, { ...query, limit: 1000 });
  const containers = all.filter((container) => matches(filter, container)).slice(0, last);
  if (options.quiet) for (const { name } of containers) console.log(name);
  else print(containers, options.json ? "json" : format, options.trunc);
}

function print(containers: Container[], format: Format, short: boolean): void {
  const names = format === "json" ? usualColumns : format;
  const columns = names.map((name) => containerColumns[!short && name === "command" ? "full-command" : name]);
  printRows(containers, columns, {
    json: format === "json",
    empty: "No containers. Make one: ./minirun run -it host bash",
  });
}
