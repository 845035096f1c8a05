import { Plus } from "lucide-react";
import type { ComponentProps } from "react";
import { RoleLink } from "../shell/role-button.tsx";

/** Leads to a new container, those who may make one. */
export function CreateLink(props: Pick<ComponentProps<typeof RoleLink>, "variant" | "size" | "className">) {
  return (
    <RoleLink href="/new" {...props}>
      <Plus />
      Create container
    </RoleLink>
  );
}
