import type { Problem } from "@/lib/contract/problem.ts";

type Words = Pick<Problem, "title" | "detail" | "remedy">;

const askAdministrator = "Ask an administrator to invite you with this e-mail address.";

/** Why a sign-in through a provider came to nothing, by the code that the callback puts into the address. */
const words: Record<string, Words> = {
  not_invited: {
    title: "You are not invited",
    detail: "The provider knows you, but nobody has invited you here, and your e-mail domain is not let in by itself.",
    remedy: askAdministrator,
  },
  email_not_verified: {
    title: "Your e-mail address is not verified",
    detail: "The provider does not vouch for it, so it could be anybody's.",
    remedy: "Verify it with the provider, then try again.",
  },
  email_not_found: {
    title: "The provider tells no e-mail address",
    detail: "It is what you are known by here.",
    remedy: "Let the provider tell it, or sign in with a password.",
  },
  account_not_linked: {
    title: "That e-mail address is somebody's already",
    detail: "The provider's account can't be joined to it, because the address is not verified.",
    remedy: "Verify it with the provider, or sign in with a password.",
  },
  disabled: {
    title: "This account is disabled",
    detail: "An administrator has disabled it.",
    remedy: "Ask an administrator to enable it again.",
  },
  access_denied: {
    title: "You were not signed in",
    detail: "The provider says that it was refused or broken off there.",
  },
  state_mismatch: {
    title: "The sign-in was broken off",
    detail: "The provider's answer does not belong to an attempt of this browser's in the last minutes.",
    remedy: "Begin again here, in one window.",
  },
  unable_to_get_user_info: {
    title: "The provider's answer can't be trusted",
    detail: "Its identity token is missing, or does not prove itself: signature, issuer, audience or nonce is another.",
    remedy: "Try again. When it stays so, an administrator should look at the provider and at the web process's log.",
  },
};

const other: Words = {
  title: "The provider did not sign you in",
  detail: "Its answer could not be used.",
  remedy: "Try again, or sign in another way; the web process's log has the cause.",
};

export function describeRefusal(code: string): Words {
  return Object.hasOwn(words, code) ? (words[code] ?? other) : other;
}
