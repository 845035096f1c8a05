"use client";

import { LogOut } from "lucide-react";
import { useState } from "react";
import { api, problemFrom } from "../api.ts";
import { Button } from "../ui/button.tsx";
import { toastProblem } from "../ui/toaster.tsx";

/** Ends this browser's session. */
export function SignOutButton() {
  const [pending, setPending] = useState(false);
  const signOut = async () => {
    setPending(true);
    try {
      await api.call("signOut");
      window.location.assign("/sign-in");
    } catch (error) {
      setPending(false);
      toastProblem(problemFrom(error));
    }
  };
  return (
    <Button
      variant="ghost"
      size="icon"
      title="Sign out"
      aria-label="Sign out"
      pending={pending}
      onClick={() => void signOut()}
    >
      <LogOut />
    </Button>
  );
}
