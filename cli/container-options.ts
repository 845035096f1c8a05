import { type Command, Option } from "commander";
import { type UpdateContainerInput, UserNamespace } from "../lib/contract/container.ts";
import {
  type BindOption,
  readBind,
  readEnvFile,
  readLabel,
  readNetwork,
  readNumber,
  readSize,
  readVariable,
} from "./options.ts";

/** What create, run, clone and update can say of a container; what was not typed is absent. */
export interface ContainerOptions {
  memory?: number;
  cpus?: number;
  pidsLimit?: number;
  env?: Record<string, string>;
  envFile?: Record<string, string>;
  workdir?: string;
  user?: string;
  hostname?: string;
  network?: "loopback" | "host";
  volume?: BindOption[];
  label?: Record<string, string>;
  readOnly?: boolean;
  restart?: string;
}

export function addContainerOptions(command: Command): Command {
  return command
    .option("-m, --memory <size>", "memory limit, swap included: 64m, 1.5g (512m for a new container)", readSize)
    .option("--cpus <cores>", "CPU limit in cores: 0.5, 2 (0.5 for a new container)", readNumber)
    .option("--pids-limit <number>", "limit of processes and threads (512 for a new container)", readNumber)
    .option("-e, --env <name=value>", "environment variable; NAME alone passes this shell's on", readVariable)
    .option("--env-file <file>", "environment variables from a file, a line each; --env goes before them", readEnvFile)
    .option("-w, --workdir <path>", "working directory")
    .option("-u, --user <user>", "USER or USER:GROUP, each a name in the image or a number")
    .option("--hostname <name>", "host name (a new container's name when left out)")
    .option("--network <kind>", "'loopback', a network of its own with lo alone, or 'host'", readNetwork)
    .option("-v, --volume <bind>", "SOURCE:TARGET[:ro]: a path of the host that root's configuration allows", readBind)
    .option("-l, --label <name=value>", "label, to find it by", readLabel)
    .option("--restart <policy>", "no, on-failure, on-failure:N or always");
}

/** `--userns` of what makes containers: a container keeps the ids that it was made with. */
export const usernsOption = (otherwise = "auto") =>
  new Option(
    "--userns <kind>",
    `own: its users, root too, are others on this machine; host: they are the same; auto: own where the kernel can (${otherwise})`,
  ).choices(UserNamespace.options);

/** The fields of a create or of a change that were typed. */
export function settingsOf(options: ContainerOptions): UpdateContainerInput {
  const { memory, cpus, pidsLimit, env, envFile, workdir, user, hostname, network, volume, label } = options;
  const limits = defined({ memoryBytes: memory, cpus, pids: pidsLimit });
  return defined({
    env: env || envFile ? { ...envFile, ...env } : undefined,
    workingDir: workdir,
    user,
    hostname,
    network,
    limits: Object.keys(limits).length > 0 ? limits : undefined,
    binds: volume,
    labels: label,
    readOnly: options.readOnly,
    restart: options.restart,
  });
}

/** An object without what is undefined: JSON has no such value, and strict schemas no such key. */
export function defined<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
