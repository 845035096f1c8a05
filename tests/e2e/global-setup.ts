import { type Instance, startInstance } from "../support/instance.ts";

/** The projects of playwright.config.ts, which run side by side: each has an instance of its own. */
export const projects = ["journeys", "looks"] as const;

/** The environment variable that tells a project's tests of their instance; without a project's own, all share one. */
export const variable = (what: "URL" | "TOKEN" | "LINK", project?: string): string =>
  ["MINIRUN_E2E", ...(project ? [project.toUpperCase()] : []), what].join("_");

/**
 * Starts private instances of the product and tells the tests where they are; the returned function ends them and fails
 * when they left something. With MINIRUN_E2E_URL, _TOKEN and _LINK set, that one is used as it stands.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env[variable("URL")]) return async () => {};
  const started = await Promise.allSettled(projects.map(() => startInstance()));
  const instances = started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const end = async () => {
    const left = (await Promise.all(instances.map((instance) => instance.stop()))).flat();
    if (left.length > 0) throw new Error(`the instances left behind:\n${left.join("\n")}`);
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed) {
    await end();
    throw failed.reason;
  }
  for (const [index, project] of projects.entries()) await tell(project, instances[index] as Instance);
  return end;
}

async function tell(project: string, instance: Instance): Promise<void> {
  process.env[variable("URL", project)] = instance.url;
  process.env[variable("TOKEN", project)] = instance.token;
  process.env[variable("LINK", project)] = (await instance.cli(["token", "--link"])).stdout.trim();
}
