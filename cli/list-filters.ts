import { InvalidArgumentError } from "commander";
import { type Container, ContainerState } from "../lib/contract/container.ts";

/** One `--filter KEY=VALUE`: what it is about, and whether a container fits it. */
export interface Filter {
  key: string;
  fits(container: Container): boolean;
}

type Fits = Filter["fits"];

const kinds: Record<string, (value: string) => Fits> = {
  name: (value) => (container) => container.name.includes(value),
  id: (value) => (container) => container.id.startsWith(value),
  status(value) {
    const states = value.split(",");
    const unknown = states.find((state) => !ContainerState.safeParse(state).success);
    if (unknown !== undefined)
      throw new InvalidArgumentError(`'${unknown}' is none of ${ContainerState.options.join(", ")}.`);
    return ({ state }) => states.includes(state);
  },
  label(value) {
    const [, name = "", wanted] = /^([^=]*)(?:=([\s\S]*))?$/.exec(value) ?? [];
    return ({ labels }) => Object.hasOwn(labels, name) && (wanted === undefined || labels[name] === wanted);
  },
  image: (value) => (container) => container.image === value,
  exited(value) {
    if (!/^\d+$/.test(value)) throw new InvalidArgumentError("exited= takes an exit code.");
    return ({ state, exitCode }) => state === "exited" && exitCode === Number(value);
  },
  node: (value) => (container) => container.node === value,
};
const aliases: Record<string, string> = { state: "status", ancestor: "image" };

/** KEY=VALUE as Docker has it: name (a part of it), id (its beginning), status, label, image, exited, node. */
export function readFilter(text: string, before: readonly Filter[] = []): Filter[] {
  const [, given = "", value = ""] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  const key = aliases[given] ?? given;
  const make = kinds[key];
  if (!make) throw new InvalidArgumentError(`It must be KEY=VALUE, with one of ${Object.keys(kinds).join(", ")}.`);
  return [...before, { key, fits: make(value) }];
}

/** Whether a container belongs in the list: of each key one value must fit, as with Docker; of labels all must. */
export function matches(filters: readonly Filter[], container: Container): boolean {
  return filters.every(({ key, fits }) =>
    key === "label" ? fits(container) : filters.some((other) => other.key === key && other.fits(container)),
  );
}
