import type { ReactNode } from "react";
import { formatCommand } from "@/lib/contract/command.ts";
import type { Container } from "@/lib/contract/container.ts";
import { CommandLines } from "../create/command-lines.tsx";
import { formatBytes } from "../format.ts";
import { CopyButton } from "../ui/copy-button.tsx";

/** What a container was asked to be, and how to ask for the same again. */
export function ConfigurationView({ container }: { container: Container }) {
  const { name, image, command, env, workingDir, hostname, tty, network, limits, restart } = container;
  const variables = Object.entries(env);
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <dl className="overflow-hidden rounded-xl border bg-surface text-sm shadow-card">
        <Row name="Id">
          <Code>{container.id}</Code>
          <CopyButton text={container.id} label="Copy the id" />
        </Row>
        <Row name="Node">{container.node}</Row>
        <Row name="Image">
          <Code>{image}</Code>
        </Row>
        <Row name="Command">
          <Code>{formatCommand(command)}</Code>
        </Row>
        <Row name="Working directory">
          <Code>{workingDir}</Code>
        </Row>
        <Row name="Host name">
          <Code>{hostname}</Code>
        </Row>
        <Row name="Terminal">{tty ? "A terminal of its own" : "Three pipes"}</Row>
        <Row name="Network">{network === "host" ? "The host's" : "Its own, with loopback alone"}</Row>
        <Row name="Memory">
          {formatBytes(limits.memoryBytes)} <span className="text-faint">swap included</span>
        </Row>
        <Row name="CPU">{limits.cpus === 1 ? "1 core" : `${limits.cpus} cores`}</Row>
        <Row name="Processes">{limits.pids.toLocaleString("en-US")}</Row>
        <Row name="Restart">{restart}</Row>
        <Row name="Environment">
          {variables.length === 0 ? (
            <span className="text-faint">nothing beyond the defaults</span>
          ) : (
            <span className="flex min-w-0 flex-col">
              {variables.map(([key, value]) => (
                <Code key={key}>
                  {key}={value}
                </Code>
              ))}
            </span>
          )}
        </Row>
        <Row name="Created">
          <time dateTime={container.createdAt}>{container.createdAt}</time>
        </Row>
      </dl>
      <CommandLines
        title="The same again"
        request={{ name: `${name}-2`, image, command, env, workingDir, tty, network, limits }}
      />
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid min-h-10 grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-4 border-b px-4 py-1.5 last:border-b-0">
      <dt className="text-soft">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1">{children}</dd>
    </div>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="min-w-0 break-words font-mono text-xs">{children}</code>;
}
