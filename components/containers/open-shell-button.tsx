"use client";

import { SquareTerminal } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { friendlyName } from "@/lib/contract/names.ts";
import { api, problemFrom } from "../api.ts";
import { randomId } from "../random-id.ts";
import { RoleButton } from "../shell/role-button.tsx";
import { toastProblem } from "../ui/toaster.tsx";

/** One click to a shell: makes a container with every default, starts it, and goes to its terminal. */
export function OpenShellButton({ size }: { size?: "lg" }) {
  const router = useRouter();
  const [pending, setPending] = useState(false);
  const open = async () => {
    setPending(true);
    try {
      const { name } = await api.call("createContainer", {
        body: { name: friendlyName() },
        idempotencyKey: randomId(),
      });
      await api.call("startContainer", { params: { name }, idempotencyKey: randomId() });
      router.push(`/containers/${name}`);
    } catch (error) {
      setPending(false);
      toastProblem(problemFrom(error));
    }
  };
  return (
    <RoleButton variant="primary" size={size} pending={pending} onClick={() => void open()}>
      {!pending && <SquareTerminal />}
      Open a shell
    </RoleButton>
  );
}
