import { chownSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "./config.ts";
import type { TestContainer } from "./harness.ts";

/** Gives a container a user namespace whose 65,536 ids are those of the host from `first` on. */
export function ownIds(config: Config, container: TestContainer, first: number): void {
  config.linux.namespaces.push({ type: "user" });
  const mappings = [{ containerID: 0, hostID: first, size: 65_536 }];
  Object.assign(config.linux, { uidMappings: mappings, gidMappings: mappings });
  config.annotations["dev.minirun.overlay.idmap"] = "lower";
  // The container's root is that of the upper layer.
  chownSync(join(container.state, "upper"), first, first);
}
