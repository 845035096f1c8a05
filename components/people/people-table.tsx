"use client";

import type { Person } from "@/lib/contract/person.ts";
import { roles } from "@/lib/contract/role.ts";
import { formatSpan } from "../format.ts";
import { useNow } from "../live/clock.tsx";
import { Badge } from "../ui/badge.tsx";
import { Select } from "../ui/select.tsx";
import { type PersonActions, PersonMenu } from "./person-menu.tsx";

interface Props extends PersonActions {
  people: readonly Person[];
  ownId: string;
  pending: boolean;
  onRole: (person: Person, role: Person["role"]) => void;
}

const items = roles.map((value) => ({ value, label: value }));
const wayNames = { password: "password", oidc: "single sign-on", github: "GitHub" } as const;

/** People in rows; on narrow screens what is less important stands below the name. */
export function PeopleTable({ people, ownId, pending, onRole, ...actions }: Props) {
  const now = useNow();
  return (
    <div className="overflow-x-auto rounded-xl border bg-surface shadow-card">
      <table className="w-full text-left text-sm">
        <thead>
          <tr className="border-b text-faint text-xs">
            <th className="px-4 py-2 font-medium">Name</th>
            <th className="px-4 py-2 font-medium">Role</th>
            <th className="px-4 py-2 font-medium max-md:hidden">Signs in with</th>
            <th className="px-4 py-2 font-medium max-md:hidden">Last seen</th>
            <th className="px-4 py-2">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.map((person) => (
            <tr key={person.id} className="border-b last:border-b-0">
              <td className="max-w-72 px-4 py-2.5">
                <span className="flex items-center gap-2">
                  <span className="truncate font-medium">{person.name}</span>
                  <Status person={person} isOwn={person.id === ownId} />
                </span>
                <span className="block truncate text-faint text-xs">{person.email}</span>
                <span className="block text-faint text-xs md:hidden">{describeSeen(person, now)}</span>
              </td>
              <td className="px-4 py-2.5">
                {person.id === ownId ? (
                  <span className="text-soft" title="Another administrator can change your role.">
                    {person.role}
                  </span>
                ) : (
                  <Select
                    aria-label={`Role of ${person.name}`}
                    className="w-36 max-md:w-32"
                    items={items}
                    value={person.role}
                    disabled={pending}
                    onValueChange={(role) => onRole(person, role)}
                  />
                )}
              </td>
              <td className="px-4 py-2.5 text-soft max-md:hidden">
                {person.ways.map((way) => wayNames[way]).join(", ") || "nothing yet"}
              </td>
              <td className="px-4 py-2.5 text-soft tabular-nums max-md:hidden">{describeSeen(person, now)}</td>
              <td className="px-2 py-1.5 text-right">
                <PersonMenu person={person} isOwn={person.id === ownId} {...actions} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Status({ person: { status }, isOwn }: { person: Person; isOwn: boolean }) {
  if (status === "invited") return <Badge tone="busy">invited</Badge>;
  if (status === "disabled") return <Badge tone="warn">disabled</Badge>;
  return isOwn ? <Badge>you</Badge> : null;
}

function describeSeen({ status, lastSeenAt, linkExpiresAt }: Person, now: number): string {
  if (lastSeenAt) return `${formatSpan(lastSeenAt, Math.max(now, Date.parse(lastSeenAt)))} ago`;
  if (status === "invited" && !linkExpiresAt) return "never; the link is over";
  return linkExpiresAt ? `never; the link works for ${formatSpan(now, linkExpiresAt)}` : "never";
}
