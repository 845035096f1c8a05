"use client";

import { currentCommands } from "../shell/commands.ts";
import { Dialog } from "../ui/dialog.tsx";
import { Kbd } from "../ui/kbd.tsx";

interface Props {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** Every key that does something on the page that is shown. */
export function ShortcutHelp(props: Props) {
  const withKeys = currentCommands().filter(({ keys }) => keys !== undefined);
  const groups = [...new Set(withKeys.map(({ group }) => group))];
  return (
    <Dialog {...props} shape="sheet" title="Keyboard shortcuts" description="What keys do on this page.">
      {groups.map((group) => (
        <section key={group} className="mb-5" aria-label={group}>
          <h3 className="mb-1 font-medium text-faint text-xs">{group}</h3>
          <dl>
            {withKeys
              .filter((command) => command.group === group)
              .map(({ id, title, keys = "" }) => (
                <div
                  key={id}
                  className="flex min-h-9 items-center justify-between gap-4 border-b text-sm last:border-b-0"
                >
                  <dt>{title}</dt>
                  <dd>
                    <Kbd keys={keys} />
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
      <p className="text-faint text-xs">In a terminal every key goes to the terminal.</p>
    </Dialog>
  );
}
