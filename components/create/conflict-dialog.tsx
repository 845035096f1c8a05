"use client";

import type { Container } from "@/lib/contract/container.ts";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { describeSetting, differences, type Setting, settingNames } from "./changes.ts";

interface Props {
  /** How the container was when the form was filled in. */
  base: Container;
  /** How someone else has left it. */
  theirs: Container;
  /** What the form asks for. */
  mine: Pick<Container, Setting>;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onClose: () => void;
}

/** Two people have changed one container: shows what the other one did, and lets this one decide. */
export function ConflictDialog({ base, theirs, mine, onKeepMine, onTakeTheirs, onClose }: Props) {
  const changed = differences(base, theirs);
  const own = differences(base, mine);
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${base.name} was changed meanwhile`}
      description="Someone else has saved it since you opened this page. Nothing of yours is lost."
      className="w-[min(40rem,calc(100vw-2rem))]"
      footer={
        <>
          <Button onClick={onTakeTheirs}>Discard mine, show theirs</Button>
          <Button variant="primary" onClick={onKeepMine}>
            Save my changes on top
          </Button>
        </>
      }
    >
      <table className="w-full table-fixed text-left text-xs">
        <thead className="text-faint">
          <tr>
            <th className="w-28 py-1.5 font-medium">Setting</th>
            <th className="py-1.5 font-medium">It was</th>
            <th className="py-1.5 font-medium">They made it</th>
            <th className="py-1.5 font-medium">You want</th>
          </tr>
        </thead>
        <tbody className="align-top">
          {changed.map((setting) => (
            <tr key={setting} className="border-t">
              <th scope="row" className="py-2 pr-2 font-medium">
                {settingNames[setting]}
              </th>
              <td className="break-words py-2 pr-2 text-soft">{describeSetting(base, setting)}</td>
              <td className="break-words py-2 pr-2">{describeSetting(theirs, setting)}</td>
              <td className="break-words py-2">
                {own.includes(setting) ? (
                  describeSetting(mine, setting)
                ) : (
                  <span className="text-faint">as they do</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
