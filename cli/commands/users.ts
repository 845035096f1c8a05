import { type Command, Option } from "commander";
import type { Client } from "../../lib/client/api.ts";
import type { Invitation, Person, UpdatePerson } from "../../lib/contract/person.ts";
import type { Role } from "../../lib/contract/principal.ts";
import { roles } from "../../lib/contract/role.ts";
import { CliError } from "../errors.ts";
import { addExamples } from "../examples.ts";
import { formatAge } from "../format.ts";
import { jsonOption } from "../options.ts";
import { printJson } from "../output.ts";
import { type Column, printRows } from "../print-table.ts";
import { targetOf } from "../target.ts";
import { harmless } from "../text.ts";

export function registerUsers(program: Command): void {
  const command = program
    .command("users")
    .summary("invite people, and decide what they may do")
    .description(
      "The people who may sign in: viewers see, operators change containers, administrators decide about people.",
    );
  registerList(command);
  registerInvite(command);
  registerLink(command);
  registerRole(command);
  registerChange(command, "disable", "keep people out", "They are signed out everywhere at once.", { disabled: true });
  registerChange(command, "enable", "let people in again", "They sign in as before.", { disabled: false });
  registerDelete(command);
  addExamples(
    command,
    "./minirun users invite ada@example.org --role operator",
    "./minirun users list",
    "./minirun users role ada@example.org administrator",
  );
}

function registerList(users: Command): void {
  const command = users
    .command("list")
    .summary("list people")
    .description("Lists everybody who may sign in, and when they were last seen.")
    .addOption(jsonOption())
    .action(async (options: { json?: boolean }, call: Command) => {
      const { items } = await targetOf(call).client.call("listPeople");
      printRows(items, columns, { json: options.json, empty: "Nobody but the operator. Invite somebody." });
    });
  addExamples(command, "./minirun users list", "./minirun users list --json");
}

const columns: Column<Person>[] = [
  { heading: "E-MAIL", cell: ({ email }, style) => style.bold(harmless(email)) },
  { heading: "NAME", cell: ({ name }) => harmless(name) },
  { heading: "ROLE", cell: ({ role }) => role },
  {
    heading: "STATUS",
    cell: ({ status }, style) => (status === "active" ? style.green(status) : style.yellow(status)),
  },
  { heading: "SIGNS IN WITH", cell: ({ ways }) => ways.join(", ") || "nothing yet" },
  {
    heading: "LAST SEEN",
    right: true,
    cell: ({ lastSeenAt }) => (lastSeenAt ? `${formatAge(lastSeenAt)} ago` : "never"),
  },
];

function registerInvite(users: Command): void {
  const command = users
    .command("invite")
    .summary("invite somebody, and print a one-time link")
    .description("Prints a link by which the invited person sets name and password. It works once, for seven days.")
    .argument("<email>", "what they sign in with")
    .addOption(new Option("--role <role>", "what they may do").choices(roles).default("viewer"))
    .option("--name <name>", "their name; they can change it")
    .addOption(jsonOption())
    .action(async (email: string, options: { role: Role; name?: string; json?: boolean }, call: Command) => {
      const { client, url } = targetOf(call);
      const { role, name, json } = options;
      const body = { email, role, ...(name !== undefined && { name }) };
      printLink(await client.call("invitePerson", { body }), url, json);
    });
  addExamples(command, "./minirun users invite --role viewer --name 'Night shift' night@example.org");
}

function registerLink(users: Command): void {
  const command = users
    .command("link")
    .summary("print a new one-time link for somebody")
    .description("Prints a new link for somebody who has lost the invitation or forgotten the password.")
    .argument("<person>", "e-mail address or id")
    .addOption(jsonOption())
    .action(async (ref: string, options: { json?: boolean }, call: Command) => {
      const { client, url } = targetOf(call);
      const { id } = await findPerson(client, ref);
      printLink(await client.call("createSignInLink", { params: { id } }), url, options.json);
    });
  addExamples(command, "./minirun users link ada@example.org");
}

function printLink(invitation: Invitation, url: string, json: boolean | undefined): void {
  if (json) printJson(invitation);
  else console.log(new URL(invitation.path, url).href);
}

function registerRole(users: Command): void {
  const command = users
    .command("role")
    .summary("change what somebody may do")
    .description("Changes somebody's role. What is open and needs more than the new role closes within a second.")
    .argument("<person>", "e-mail address or id")
    .argument("<role>", roles.join(", "))
    .action(async (ref: string, role: string, _options: object, call: Command) => {
      const known = roles.find((one) => one === role);
      if (!known)
        throw new CliError(`There is no role ${JSON.stringify(role)}.`, { remedy: `Use ${roles.join(", ")}.` });
      const { client } = targetOf(call);
      const { id, email } = await findPerson(client, ref);
      await client.call("updatePerson", { params: { id }, body: { role: known } });
      console.log(email);
    });
  addExamples(command, "./minirun users role ada@example.org operator");
}

function registerChange(users: Command, verb: string, summary: string, more: string, body: UpdatePerson): void {
  const command = users
    .command(verb)
    .summary(summary)
    .description(`${summary[0]?.toUpperCase()}${summary.slice(1)}. ${more}`)
    .argument("<person...>", "e-mail addresses or ids")
    .action(async (refs: string[], _options: object, call: Command) => {
      const { client } = targetOf(call);
      for (const ref of refs) {
        const { id, email } = await findPerson(client, ref);
        await client.call("updatePerson", { params: { id }, body });
        console.log(email);
      }
    });
  addExamples(command, `./minirun users ${verb} ada@example.org`);
}

function registerDelete(users: Command): void {
  const command = users
    .command("delete")
    .summary("delete people")
    .description("Deletes people with their sessions. What they did stays written down.")
    .argument("<person...>", "e-mail addresses or ids")
    .action(async (refs: string[], _options: object, call: Command) => {
      const { client } = targetOf(call);
      for (const ref of refs) {
        const { id, email } = await findPerson(client, ref);
        await client.call("deletePerson", { params: { id } });
        console.log(email);
      }
    });
  addExamples(command, "./minirun users delete ada@example.org night@example.org");
}

async function findPerson(client: Client, ref: string): Promise<Person> {
  const { items } = await client.call("listPeople");
  const found = items.find(({ id, email }) => id === ref || email === ref.toLowerCase());
  if (found) return found;
  throw new CliError(`There is nobody with the e-mail address or id ${JSON.stringify(ref)}.`, {
    remedy: "./minirun users list shows everybody.",
  });
}
