"use client";

import { UserPlus, Users } from "lucide-react";
import { useEffect, useState } from "react";
import type { Invitation, Person, UpdatePerson } from "@/lib/contract/person.ts";
import type { Problem } from "@/lib/contract/problem.ts";
import { api, problemFrom } from "../api.ts";
import { ProblemNotice } from "../container/problem-notice.tsx";
import { useRetry } from "../live/use-retry.ts";
import { Button } from "../ui/button.tsx";
import { ConfirmDialog } from "../ui/confirm-dialog.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { toastDone, toastProblem } from "../ui/toaster.tsx";
import { InviteDialog } from "./invite-dialog.tsx";
import { LinkDialog } from "./link-dialog.tsx";
import { PeopleTable } from "./people-table.tsx";

interface Props {
  /** Of who looks: nobody changes or deletes himself. */
  ownId: string;
  initial: Person[];
  /** Why they could not be read. */
  problem: Problem | null;
}

/** Who may sign in, as what, and when they were last seen; to invite, change, disable and delete. */
export function PeopleView({ ownId, initial, problem: initialProblem }: Props) {
  const [people, setPeople] = useState(initial);
  const [problem, setProblem] = useState(initialProblem);
  const [inviting, setInviting] = useState(false);
  const [link, setLink] = useState<Invitation | null>(null);
  const [deleting, setDeleting] = useState<Person | null>(null);
  const [pending, setPending] = useState(false);

  const refresh = async () => {
    try {
      setPeople((await api.call("listPeople")).items);
      setProblem(null);
    } catch (error) {
      setProblem(problemFrom(error));
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, as the back button brings a page as it was
  useEffect(() => void refresh(), []);
  useRetry(problem, () => void refresh());
  /** Does it, shows how people are then, and says so; answers whether it was done. */
  const act = async (work: () => Promise<unknown>, done?: string): Promise<boolean> => {
    setPending(true);
    try {
      await work();
      if (done) toastDone(done);
      return true;
    } catch (error) {
      toastProblem(problemFrom(error));
      return false;
    } finally {
      await refresh();
      setPending(false);
    }
  };
  const change = ({ id }: Person, body: UpdatePerson, done: string) =>
    void act(() => api.call("updatePerson", { params: { id }, body }), done);
  const actions = {
    onRole: (person: Person, role: Person["role"]) => change(person, { role }, `${person.name} is ${role} now`),
    onDisable: (person: Person, disabled: boolean) =>
      change(person, { disabled }, `${person.name} is ${disabled ? "disabled" : "enabled"}`),
    onSignOut: (person: Person) =>
      void act(
        () => api.call("signOutPerson", { params: { id: person.id } }),
        `${person.name} is signed out everywhere`,
      ),
    onLink: ({ id }: Person) => void act(async () => setLink(await api.call("createSignInLink", { params: { id } }))),
    onDelete: setDeleting,
  };
  const remove = async ({ id, name }: Person) => {
    if (await act(() => api.call("deletePerson", { params: { id } }), `${name} is deleted`)) setDeleting(null);
  };
  const invite = (
    <Button variant="primary" onClick={() => setInviting(true)}>
      <UserPlus />
      Invite
    </Button>
  );
  return (
    <section aria-labelledby="people-title" className="mt-5">
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div className="min-w-0 max-w-2xl">
          <h2 id="people-title" className="font-semibold text-base tracking-tight">
            People
          </h2>
          <p className="mt-0.5 text-pretty text-soft text-sm">
            Who may sign in, and as what. A change of role, or an end, reaches open terminals and pages within a second.
          </p>
        </div>
        {people.length > 0 && invite}
      </div>
      {problem && <ProblemNotice problem={problem} />}
      <div className="mt-4">
        {people.length > 0 ? (
          <PeopleTable people={people} ownId={ownId} pending={pending} {...actions} />
        ) : (
          !problem && (
            <EmptyState icon={<Users />} title="Nobody but the operator" action={invite}>
              Invite somebody by a link, with which they set their own password. Give yourself an account, too: what you
              do then stands under your name.
            </EmptyState>
          )
        )}
      </div>
      <InviteDialog
        open={inviting}
        onOpenChange={setInviting}
        onInvited={(made) => {
          setInviting(false);
          setLink(made);
          void refresh();
        }}
      />
      <LinkDialog invitation={link} onClose={() => setLink(null)} />
      <ConfirmDialog
        open={deleting !== null}
        onOpenChange={() => setDeleting(null)}
        title={`Delete ${deleting?.name ?? ""}?`}
        action="Delete"
        pending={pending}
        onConfirm={() => deleting && void remove(deleting)}
      >
        They are signed out everywhere, their API tokens stop working, and they can't come back without an invitation.
        What they did stays written down. To keep them out for a while, disable them instead.
      </ConfirmDialog>
    </section>
  );
}
