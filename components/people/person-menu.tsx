import { Ban, Check, Ellipsis, Link2, LogOut, Trash2 } from "lucide-react";
import type { Person } from "@/lib/contract/person.ts";
import { Button } from "../ui/button.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";

export interface PersonActions {
  onDisable: (person: Person, disabled: boolean) => void;
  onSignOut: (person: Person) => void;
  onLink: (person: Person) => void;
  onDelete: (person: Person) => void;
}

/** What can be done with somebody; what can't be says why. */
export function PersonMenu({ person, isOwn, ...actions }: PersonActions & { person: Person; isOwn: boolean }) {
  const { name, status, sessions } = person;
  const own = isOwn ? { disabled: true, title: "Another administrator can do that to you." } : {};
  return (
    <Menu
      trigger={
        <Button variant="ghost" size="icon" aria-label={`Actions for ${name}`}>
          <Ellipsis />
        </Button>
      }
    >
      <MenuItem
        disabled={status === "disabled"}
        title={status === "disabled" ? "Enable the account first." : undefined}
        onClick={() => actions.onLink(person)}
      >
        <Link2 />
        {status === "invited" ? "New invitation link" : "Link to set a new password"}
      </MenuItem>
      <MenuItem
        disabled={sessions === 0}
        title={sessions === 0 ? "Signed in nowhere." : undefined}
        onClick={() => actions.onSignOut(person)}
      >
        <LogOut />
        Sign out everywhere
      </MenuItem>
      <MenuSeparator />
      <MenuItem {...own} onClick={() => actions.onDisable(person, status !== "disabled")}>
        {status === "disabled" ? <Check /> : <Ban />}
        {status === "disabled" ? "Enable" : "Disable"}
      </MenuItem>
      <MenuItem danger {...own} onClick={() => actions.onDelete(person)}>
        <Trash2 />
        Delete…
      </MenuItem>
    </Menu>
  );
}
