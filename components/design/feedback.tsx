"use client";

import { Ellipsis, PackageOpen } from "lucide-react";
import { useState } from "react";
import { problem } from "@/lib/contract/problem.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { Badge, type BadgeTone } from "../ui/badge.tsx";
import { Breadcrumb } from "../ui/breadcrumb.tsx";
import { Button } from "../ui/button.tsx";
import { Card } from "../ui/card.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Menu, MenuItem, MenuSeparator } from "../ui/menu.tsx";
import { Meter } from "../ui/meter.tsx";
import { Popover } from "../ui/popover.tsx";
import { Progress } from "../ui/progress.tsx";
import { Skeleton } from "../ui/skeleton.tsx";
import { Sparkline } from "../ui/sparkline.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { Section, Specimen } from "./section.tsx";

const tones: readonly BadgeTone[] = ["ok", "busy", "idle", "warn", "bad"];
const curve = Array.from({ length: 60 }, (_, index) => 40 + 30 * Math.sin(index / 6) + (index % 7));
const example = problem("start-failed", "The container did not start", "`mount` on `/proc` was refused.", {
  remedy: "See that the host has not masked `/proc`.",
  cause: { step: "mount proc", call: "mount", subject: "/proc", errno: 1, errnoName: "EPERM" },
});

/** What tells a person how things are: states, progress, messages, and what opens over the page. */
export function Feedback() {
  return (
    <>
      <Section title="Breadcrumb">
        <Breadcrumb above={[{ href: "/containers", label: "Containers" }]} here="web" />
      </Section>
      <Section title="Badge, progress, meter">
        <Specimen name="badges">
          <div className="flex flex-wrap gap-2">
            {tones.map((tone) => (
              <Badge key={tone} tone={tone} dot>
                {tone}
              </Badge>
            ))}
            <Badge>plain</Badge>
          </div>
        </Specimen>
        <Specimen name="progress: known, unknown, failed">
          <div className="flex w-56 flex-col gap-3">
            <Progress label="Known" value={0.4} />
            <Progress label="Unknown" value={null} />
            <Progress label="Failed" value={0.7} tone="bad" />
          </div>
        </Specimen>
        <Specimen name="meter: calm, high, at its limit">
          <div className="flex w-56 flex-col gap-3">
            <Meter label="Calm" value={0.3} text="30 %" />
            <Meter label="High" value={0.8} text="80 %" />
            <Meter label="At its limit" value={0.96} text="96 %" />
          </div>
        </Specimen>
        <Specimen name="sparkline">
          <Sparkline values={curve} length={60} max={100} className="h-10 w-56" />
        </Specimen>
        <Specimen name="spinner">
          <Spinner />
        </Specimen>
        <Specimen name="skeleton">
          <Skeleton className="h-4 w-40" />
        </Specimen>
      </Section>
      <Section title="Messages">
        <Specimen name="problem" wide>
          <ProblemNotice problem={example} onShowTrace={() => {}} />
        </Specimen>
        <Specimen name="empty state" wide>
          <EmptyState icon={<PackageOpen />} title="Nothing here yet" action={<Button>Lead on</Button>}>
            Says why, and what would be here.
          </EmptyState>
        </Specimen>
        <Specimen name="card" wide>
          <Card title="Title" aside={<span className="text-faint text-xs">aside</span>}>
            <p className="p-4 text-sm">Content</p>
          </Card>
        </Specimen>
        <Specimen name="toasts">
          <div className="flex gap-2">
            <Button onClick={() => toastDone("web-1 stopped")}>Done</Button>
            <Button onClick={() => toastDone("web-1 paused", async () => toastDone("web-1 resumed"))}>With undo</Button>
            <Button onClick={() => toastProblem(example)}>Problem</Button>
          </div>
        </Specimen>
      </Section>
      <Overlays />
    </>
  );
}

function Overlays() {
  const [open, setOpen] = useState<"dialog" | "sheet" | "confirm" | null>(null);
  const close = (stays: boolean) => !stays && setOpen(null);
  return (
    <Section title="Overlays">
      <Specimen name="dialog, sheet, confirm">
        <div className="flex gap-2">
          <Button onClick={() => setOpen("dialog")}>Dialog</Button>
          <Button onClick={() => setOpen("sheet")}>Sheet</Button>
          <Button onClick={() => setOpen("confirm")}>Confirm</Button>
        </div>
      </Specimen>
      <Specimen name="menu">
        <Menu
          trigger={
            <Button size="icon" aria-label="More">
              <Ellipsis />
            </Button>
          }
        >
          <MenuItem>Restart</MenuItem>
          <MenuItem disabled>Resume</MenuItem>
          <MenuSeparator />
          <MenuItem danger>Delete…</MenuItem>
        </Menu>
      </Specimen>
      <Specimen name="popover">
        <Popover trigger={<Button>Popover</Button>} title="Title">
          <p className="p-4 text-sm">Leaves the page in reach.</p>
        </Popover>
      </Specimen>
      <Dialog
        open={open === "dialog"}
        onOpenChange={close}
        title="Title"
        description="What it is about."
        footer={<Button onClick={() => setOpen(null)}>Done</Button>}
      >
        Content
      </Dialog>
      <Dialog open={open === "sheet"} onOpenChange={close} shape="sheet" title="Title">
        Content
      </Dialog>
      <ConfirmDialog
        open={open === "confirm"}
        onOpenChange={close}
        title="Delete web-1?"
        action="Delete"
        pending={false}
        onConfirm={() => setOpen(null)}
      >
        Its files and its log are removed. This cannot be undone.
      </ConfirmDialog>
    </Section>
  );
}
