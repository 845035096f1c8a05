"use client";

import { Play, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Field, FieldSelect, Input } from "../ui/field.tsx";
import { Kbd } from "../ui/kbd.tsx";
import { Switch } from "../ui/switch.tsx";
import { TabPanel, Tabs } from "../ui/tabs.tsx";
import { Tooltip } from "../ui/tooltip.tsx";
import { Section, Specimen } from "./section.tsx";

const variants = ["primary", "outline", "ghost", "danger"] as const;
const networks = [
  { value: "loopback", label: "Its own, loopback only" },
  { value: "host", label: "The host's" },
] as const;

/** What a person presses, fills in and chooses from, in every state. */
export function Controls() {
  const [on, setOn] = useState(true);
  const [network, setNetwork] = useState<"loopback" | "host">("loopback");
  const [tab, setTab] = useState<"one" | "two">("one");
  return (
    <>
      <Section title="Button">
        {variants.map((variant) => (
          <Specimen key={variant} name={variant}>
            <div className="flex flex-wrap items-center gap-2">
              <Button variant={variant}>
                <Play /> Start
              </Button>
              <Button variant={variant} pending>
                Start
              </Button>
              <Button variant={variant} disabled>
                Start
              </Button>
            </div>
          </Specimen>
        ))}
        <Specimen name="sizes">
          <div className="flex items-center gap-2">
            <Button size="sm">Small</Button>
            <Button>Medium</Button>
            <Button size="lg">Large</Button>
            <Button size="icon" variant="ghost" aria-label="Delete">
              <Trash2 />
            </Button>
            <CopyButton text="copied" label="Copy" />
          </div>
        </Specimen>
      </Section>
      <Section title="Field">
        <Specimen name="empty, filled, wrong, disabled">
          <div className="grid w-64 gap-4">
            <Field name="empty" label="Name" hint="Also its host name.">
              <Input placeholder="web-1" />
            </Field>
            <Field name="filled" label="Name">
              <Input defaultValue="web-1" />
            </Field>
            <Field name="wrong" label="Name" error="must start with a lower-case letter or a digit">
              <Input defaultValue="Web 1" />
            </Field>
            <Field name="disabled" label="Name">
              <Input defaultValue="web-1" disabled />
            </Field>
          </div>
        </Specimen>
        <Specimen name="select">
          <div className="w-64">
            <Field name="network" label="Network">
              <FieldSelect items={networks} value={network} onValueChange={setNetwork} />
            </Field>
          </div>
        </Specimen>
        <Specimen name="switch">
          <div className="flex w-64 flex-col gap-3">
            <Switch label="Terminal" hint="A terminal, or pipes." checked={on} onCheckedChange={setOn} />
            <Switch label="Read-only root" checked={!on} onCheckedChange={() => setOn(!on)} />
          </div>
        </Specimen>
        <Specimen name="checkbox: off, on, some, disabled">
          <div className="flex gap-3">
            <Checkbox aria-label="Off" checked={!on} onCheckedChange={() => setOn(!on)} />
            <Checkbox aria-label="On" checked={on} onCheckedChange={setOn} />
            <Checkbox aria-label="Some" checked={false} indeterminate readOnly />
            <Checkbox aria-label="Disabled" checked disabled readOnly />
          </div>
        </Specimen>
      </Section>
      <Section title="Tabs, tooltip, keys">
        <Specimen name="tabs">
          <Tabs
            label="Views"
            items={[
              { id: "one", label: "minirun" },
              { id: "two", label: "curl" },
            ]}
            value={tab}
            onValueChange={setTab}
          >
            <TabPanel value="one" className="mt-2 text-sm">
              The first
            </TabPanel>
            <TabPanel value="two" className="mt-2 text-sm">
              The second
            </TabPanel>
          </Tabs>
        </Specimen>
        <Specimen name="tooltip">
          <Tooltip content="Says more about it">
            <Button>Rest here</Button>
          </Tooltip>
        </Specimen>
        <Specimen name="keys">
          <Kbd keys="mod+k" /> <Kbd keys="g o" /> <Kbd keys="Escape" />
        </Specimen>
      </Section>
    </>
  );
}
