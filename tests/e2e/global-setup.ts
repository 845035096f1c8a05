import { startInstance } from "../support/instance.ts";

/**
 * Starts a private instance of the product for all journeys and tells them where it is; the returned function ends it
 * and fails when it left something. With MINIRUN_E2E_URL set, that one is used as it stands.
 */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env.MINIRUN_E2E_URL) return async () => {};
  const instance = await startInstance();
  const link = await instance.cli(["token", "--link"]);
  process.env.MINIRUN_E2E_URL = instance.url;
  process.env.MINIRUN_E2E_TOKEN = instance.token;
  process.env.MINIRUN_E2E_LINK = link.stdout.trim();
  return async () => {
    const left = await instance.stop();
    if (left.length > 0) throw new Error(`the instance left behind:\n${left.join("\n")}`);
  };
}
