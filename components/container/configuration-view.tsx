import { Pencil } from "lucide-react";
import type { ReactNode } from "react";
import { formatCommand } from "@/lib/contract/command.ts";
import type { Container } from "@/lib/contract/container.ts";
import type { TracedSetting } from "@/lib/contract/trace-settings.ts";
import { CommandLines } from "../create/command-lines.tsx";
import { RoleLink } from "../shell/role-button.tsx";
import { Card } from "../ui/card.tsx";
import { cn } from "../ui/class-names.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { LimitsCard } from "./limits-card.tsx";
import { ShowSteps, TracedSettings, useTracedSettings } from "./traced-settings.tsx";
import type { TraceState } from "./use-trace.ts";

interface Props {
  container: Container;
  /** Of its last start: each setting leads to the steps that carried it out. */
  trace: TraceState;
  onChanged: (container: Container) => void;
}

/** What a container was asked to be, its limits to change at once, and how to ask for the same again. */
export function ConfigurationView({ container, trace, onChanged }: Props) {
  const { name, image, command, env, workingDir, user, tty, network, limits, readOnly, binds, labels } = container;
  const { userNamespace, restart, autoRemove } = container;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_26rem]">
      <Card
        title="Settings"
        aside={
          <RoleLink href={`/containers/${name}/edit`} size="sm">
            <Pencil />
            Edit
          </RoleLink>
        }
      >
        <TracedSettings trace={trace} container={container}>
          <dl className="text-sm">
            <What container={container} />
            <How container={container} />
          </dl>
        </TracedSettings>
      </Card>
      <div className="flex min-w-0 flex-col gap-4">
        <TracedSettings trace={trace} container={container}>
          <LimitsCard container={container} onChanged={onChanged} />
        </TracedSettings>
        <CommandLines
          title="The same again"
          request={{
            name: `${name}-2`,
            ...{ image, command, env, workingDir, user, tty, network, limits, readOnly, binds, labels, restart },
            ...{ userNamespace, autoRemove },
          }}
        />
      </div>
    </div>
  );
}

function What({ container }: { container: Container }) {
  const { id, node, image, command, workingDir, user, hostname, env, createdAt, revision } = container;
  return (
    <>
      <Row name="Id">
        <Code>{id}</Code>
        <CopyButton text={id} label="Copy the id" />
      </Row>
      <Row name="Node">{node}</Row>
      <Row name="Image" setting="image">
        <Code>{image}</Code>
      </Row>
      <Row name="Command" setting="command">
        <Code>{formatCommand(command)}</Code>
      </Row>
      <Row name="Working directory" setting="workingDir">
        <Code>{workingDir}</Code>
      </Row>
      <Row name="User" setting="user">
        <Code>{user}</Code>
      </Row>
      <Row name="Host name" setting="hostname">
        <Code>{hostname}</Code>
      </Row>
      <Pairs name="Environment" pairs={env} separator="=" none="nothing beyond the defaults" />
      <Row name="Created">
        <time dateTime={createdAt}>{createdAt}</time>
      </Row>
      <Row name="Revision">
        {revision} <Note>its changes, counted</Note>
      </Row>
    </>
  );
}

function How({ container }: { container: Container }) {
  const { tty, network, idRange, readOnly, binds, labels, restart, autoRemove, missing } = container;
  return (
    <>
      <Row name="Terminal" setting="tty">
        {tty ? "A terminal of its own" : "Three pipes"}
      </Row>
      <Row name="Network" setting="network">
        {network === "host" ? "The host's" : "Its own, with loopback alone"}
      </Row>
      <Row name="User namespace" setting="userNamespace">
        {idRange ? (
          <>
            Its own{" "}
            <Note>
              ids 0 to {idRange.size - 1} are {idRange.start} to {idRange.start + idRange.size - 1} on the host
            </Note>
          </>
        ) : (
          <>
            The host's <Note>its root is the host's, with fewer capabilities</Note>
          </>
        )}
      </Row>
      <Row name="Root filesystem" setting="readOnly">
        {readOnly ? "Read-only" : "Written files are kept until it is deleted"}
      </Row>
      <Row name="Binds" setting="binds">
        {binds.length === 0 ? (
          <Note>none</Note>
        ) : (
          <span className="flex min-w-0 flex-col">
            {binds.map(({ source, target, readOnly: fixed }) => (
              <span key={target}>
                <Code>
                  {source} → {target}
                </Code>{" "}
                <Note>{fixed ? "read-only" : "writable"}</Note>
              </span>
            ))}
          </span>
        )}
      </Row>
      <Row name="Restart">
        {restart} <Note>{restartMeaning(restart)}</Note>
      </Row>
      <Row name="At its end">{autoRemove ? "It is deleted" : "It is kept"}</Row>
      <Pairs name="Labels" pairs={labels} separator="=" none="none" />
      {missing.length > 0 && (
        <Row name="Runs without">
          <span className="flex flex-col">
            {missing.map(({ feature, reason }) => (
              <span key={feature}>
                <span className="text-warn">{feature}</span> <Note>{reason}</Note>
              </span>
            ))}
          </span>
        </Row>
      )}
    </>
  );
}

function restartMeaning(policy: string): string {
  if (policy === "no") return "it stays ended";
  if (policy === "always") return "after every end, and when the machine boots";
  const [, times] = policy.split(":");
  return `when its exit code is not 0${times ? `, at most ${times} times in a row` : ""}`;
}

interface PairsProps {
  name: string;
  pairs: Record<string, string>;
  separator: string;
  none: string;
}

function Pairs({ name, pairs, separator, none }: PairsProps) {
  const entries = Object.entries(pairs);
  return (
    <Row name={name}>
      {entries.length === 0 ? (
        <Note>{none}</Note>
      ) : (
        <span className="flex min-w-0 flex-col">
          {entries.map(([key, value]) => (
            <Code key={key}>
              {key}
              {separator}
              {value}
            </Code>
          ))}
        </span>
      )}
    </Row>
  );
}

function Row({ name, setting, children }: { name: string; setting?: TracedSetting; children: ReactNode }) {
  const { wanted } = useTracedSettings();
  const isWanted = setting !== undefined && wanted === setting;
  return (
    <div
      className={cn(
        "grid min-h-10 grid-cols-[8.5rem_minmax(0,1fr)] items-center gap-4 border-b px-4 py-1.5 last:border-b-0",
        isWanted && "bg-accent-soft",
      )}
    >
      <dt className="text-soft">{name}</dt>
      <dd className="flex min-w-0 flex-wrap items-center gap-x-1.5">
        {children}
        {setting && <ShowSteps setting={setting} />}
      </dd>
    </div>
  );
}

function Code({ children }: { children: ReactNode }) {
  return <code className="wrap-anywhere min-w-0 font-mono text-xs">{children}</code>;
}

function Note({ children }: { children: ReactNode }) {
  return <span className="text-faint text-xs">{children}</span>;
}
