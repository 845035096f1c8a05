"use client";

import { memo } from "react";
import type { KernelInterface, KernelRoute, KernelState, UnreadPart } from "@/lib/contract/kernel.ts";
import type { HandCommand } from "@/lib/contract/kernel-by-hand.ts";
import { formatBytes, formatCount } from "../format.ts";
import { cn } from "../ui/class-names.ts";
import { Changed } from "./changed.tsx";
import { oneLine } from "./kernel-text.ts";
import { Absent, Panel, Scrolling } from "./panel.tsx";

interface Props {
  network: NonNullable<KernelState["network"]>;
  /** Whether the network namespace is the container's own. */
  own: boolean;
  commands: readonly HandCommand[];
  unread: UnreadPart | undefined;
}

/** Interfaces, addresses and routes as the container's network namespace has them. */
export const NetworkPanel = memo(function NetworkPanel({ network, own, commands, unread }: Props) {
  const { interfaces, totalInterfaces, routes, totalRoutes } = network;
  const left = totalInterfaces > interfaces.length ? `, ${interfaces.length} shown` : "";
  return (
    <Panel
      title="Network"
      summary={`${own ? "its own" : "the host's"}, ${formatCount(totalInterfaces, "interface")}${left}`}
      commands={commands}
      unread={unread}
    >
      <Scrolling label="Interfaces" className="max-h-72">
        <ul className="divide-y">
          {interfaces.map((one) => (
            <Interface key={one.index} one={one} />
          ))}
        </ul>
      </Scrolling>
      <div className="mt-auto border-t px-4 py-3">
        <p className="mb-1 text-faint text-xs">
          Routes{totalRoutes > routes.length && `, the first ${routes.length} of ${totalRoutes}`}
        </p>
        {routes.length === 0 ? (
          <p className="text-pretty text-soft text-xs">None: nothing beyond its own addresses can be reached.</p>
        ) : (
          <Scrolling label="Routes" className="max-h-40">
            <ul className="flex flex-col gap-0.5 font-mono text-2xs">
              {routes.map((route) => (
                <li key={`${route.destination} ${route.interface} ${route.metric}`} className="truncate">
                  <Route route={route} />
                </li>
              ))}
            </ul>
          </Scrolling>
        )}
      </div>
      {interfaces.length === 0 && <Absent>There is no interface, not even loopback.</Absent>}
    </Panel>
  );
});

function Interface({ one }: { one: KernelInterface }) {
  const { name, kind, up, running, addresses, mtu, receivedBytes, sentBytes, hardwareAddress } = one;
  return (
    <li className="px-4 py-2.5">
      <p className="flex items-baseline gap-2 text-sm">
        <span
          className={cn(
            "size-2 shrink-0 self-center rounded-full",
            up && running ? "bg-ok" : up ? "bg-warn" : "bg-faint/60",
          )}
          aria-hidden="true"
        />
        <span className="truncate font-medium font-mono">{oneLine(name)}</span>
        <span className="text-faint text-xs">
          {kind && `${kind}, `}
          {up ? (running ? "up" : "up, no carrier") : "down"}
        </span>
        <span className="ml-auto shrink-0 text-2xs text-faint tabular-nums" title={hardwareAddress}>
          mtu {mtu}
        </span>
      </p>
      <p className="mt-1 flex flex-wrap gap-1.5 font-mono text-2xs">
        {addresses.length === 0 && <span className="text-faint">no address</span>}
        {addresses.map(({ address, prefix }) => (
          <span key={`${address}/${prefix}`} className="rounded-md border bg-sunken px-1.5">
            {address}/{prefix}
          </span>
        ))}
      </p>
      <p className="mt-1 text-2xs text-faint tabular-nums">
        received <Changed className="text-soft">{formatBytes(receivedBytes)}</Changed>, sent{" "}
        <Changed className="text-soft">{formatBytes(sentBytes)}</Changed>
      </p>
    </li>
  );
}

function Route({ route: { destination, gateway, interface: device, type, metric } }: { route: KernelRoute }) {
  return (
    <>
      {type !== "unicast" && <span className="text-warn">{type} </span>}
      {destination}
      <span className="text-faint">
        {gateway && ` via ${gateway}`}
        {device && ` on ${oneLine(device)}`}
        {metric > 0 && `, metric ${metric}`}
      </span>
    </>
  );
}
