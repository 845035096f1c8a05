import { InvalidArgumentError } from "commander";
import { type Container, ContainerState } from "../lib/contract/container.ts";

/** Whether a container belongs in the list. */
export type Filter = (container: Container) => boolean;

const kinds: Record<string, (value: string) => Filter> = {
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
  const [, key = "", value = ""] = /^([^=]+)=([\s\S]*)$/.exec(text) ?? [];
  const make = kinds[aliases[key] ?? key];
  if (!make) throw new InvalidArgumentError(`It must be KEY=VALUE, with one of ${Object.keys(kinds).join(", ")}.`);
  return [...before, make(value)];
}
