"use client";

import type { Container } from "@/lib/contract/container.ts";
import { describeEnding, describeSince } from "../containers/describe.ts";
import type { Action, ActionOptions } from "../containers/run-action.ts";
import { StateBadge } from "../containers/state-badge.tsx";
import { formatCount } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Breadcrumb } from "../ui/breadcrumb.tsx";
import { ContainerActions } from "./container-actions.tsx";
import { useCountdown } from "./use-countdown.ts";

interface Props {
  container: Container;
  deleted: boolean;
  pending: readonly Action[];
  onAction: (action: Action, options?: ActionOptions) => void;
}

/** Name and state of a container, since when and why, and what can be done with it. */
export function ContainerHeader({ container, deleted, pending, onAction }: Props) {
  const { name } = container;
  return (
    <div>
      <Breadcrumb above={[{ href: "/containers", label: "Containers" }]} here={name} />
      <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-3">
        <div className="min-w-0 flex-1 basis-64">
          <div className="flex min-w-0 items-center gap-2.5">
            <h1 className="truncate font-semibold text-2xl tracking-[-0.025em]">{name}</h1>
            <StateBadge container={container} />
          </div>
          <Facts container={container} />
        </div>
        {!deleted && <ContainerActions container={container} pending={pending} onAction={onAction} />}
      </div>
    </div>
  );
}

function Facts({ container }: { container: Container }) {
  const now = useNow();
  const next = useCountdown(container.state === "restarting" ? container.nextStartAt : null);
  const { image, pid, restartCount, restart, startedAt, finishedAt, state } = container;
  const ending = describeEnding(container);
  const facts = [
    { text: next === null ? describeSince(container, now) : "", title: state === "running" ? startedAt : finishedAt },
    { text: ending && ending.title !== "Exited" ? ending.title : "", title: ending?.detail },
    { text: next === null ? "" : next > 0 ? `starts again in ${next} s` : "starts again now" },
    { text: restartCount > 0 ? `${formatCount(restartCount, "restart")} by its policy, ${restart}` : "" },
    { text: pid === null ? "" : `pid ${pid}`, title: "Its first process, as the host counts" },
  ];
  return (
    <p className="mt-0.5 text-faint text-xs tabular-nums">
      <span className="break-all font-mono">{image}</span>
      {facts.map(
        ({ text, title }) =>
          text !== "" && (
            <span key={text} title={title ?? undefined}>
              {" · "}
              {text}
            </span>
          ),
      )}
    </p>
  );
}
