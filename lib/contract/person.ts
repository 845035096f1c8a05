import * as z from "zod";
import { Role } from "./principal.ts";

export const shortestPassword = 12;
export const longestPassword = 200;

const PersonName = z
  .string()
  .trim()
  .min(1, "must not be empty")
  .max(100, "must have at most 100 characters")
  .regex(/^\P{Cc}*$/u, "must be one line");
const Email = z.email("must be an e-mail address").max(254).toLowerCase();
export const Password = z
  .string()
  .min(shortestPassword, `must have at least ${shortestPassword} characters`)
  .max(longestPassword, `must have at most ${longestPassword} characters`);

/** Ways in: a password, or an identity provider. */
export const SignInWay = z.enum(["password", "oidc", "github"]);
export type SignInWay = z.infer<typeof SignInWay>;
export const ProviderName = SignInWay.exclude(["password"]);
export type ProviderName = z.infer<typeof ProviderName>;

export const Person = z
  .object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    role: Role,
    /** `invited` until the first sign-in. */
    status: z.enum(["invited", "active", "disabled"]),
    ways: z.array(SignInWay),
    /** Browsers in which the person is signed in. */
    sessions: z.int(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable(),
    /** When the link that waits for the person stops working; null when none does. */
    linkExpiresAt: z.iso.datetime().nullable(),
  })
  .meta({ id: "Person" });
export type Person = z.infer<typeof Person>;

export const InvitePerson = z
  .strictObject({ email: Email, name: PersonName.optional(), role: Role.default("viewer") })
  .meta({ id: "InvitePerson" });
export type InvitePerson = z.infer<typeof InvitePerson>;

export const UpdatePerson = z
  .strictObject({ name: PersonName, role: Role, disabled: z.boolean() })
  .partial()
  .refine((change) => Object.keys(change).length > 0, "must change something")
  .meta({ id: "UpdatePerson" });
export type UpdatePerson = z.infer<typeof UpdatePerson>;

/** A one-time link by which the person sets name and password. It is shown this once: only its hash is kept. */
export const Invitation = z
  .object({ person: Person, path: z.string(), expiresAt: z.iso.datetime() })
  .meta({ id: "Invitation" });
export type Invitation = z.infer<typeof Invitation>;

const code = z.string().min(1, "must not be empty").max(200);
export const ReadInvitation = z.strictObject({ code }).meta({ id: "ReadInvitation" });
/** Whom a link was made for. */
export const InvitedPerson = z
  .object({ name: z.string(), email: z.string(), role: Role, isNew: z.boolean() })
  .meta({ id: "InvitedPerson" });
export type InvitedPerson = z.infer<typeof InvitedPerson>;
export const AcceptInvitation = z
  .strictObject({ code, name: PersonName, password: Password })
  .meta({ id: "AcceptInvitation" });
export type AcceptInvitation = z.infer<typeof AcceptInvitation>;

/** `next` is a path of ours, where to go afterwards. */
export const BeginSignIn = z
  .strictObject({
    next: z
      .string()
      .regex(/^\/(?![/\\])/, "must be a path")
      .max(2000)
      .default("/"),
  })
  .meta({ id: "BeginSignIn" });
export const SignInAddress = z.object({ url: z.url() }).meta({ id: "SignInAddress" });

export const UpdateAccount = z.strictObject({ name: PersonName }).meta({ id: "UpdateAccount" });
/** `current` is needed where there is a password already. */
export const ChangePassword = z
  .strictObject({ current: z.string().max(longestPassword).optional(), password: Password })
  .meta({ id: "ChangePassword" });
export type ChangePassword = z.infer<typeof ChangePassword>;

/** A browser in which somebody is signed in. */
export const BrowserSession = z
  .object({
    id: z.uuid(),
    /** The one that asks. */
    current: z.boolean(),
    /** Browser and system, as it names itself. */
    device: z.string(),
    address: z.string().nullable(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "BrowserSession" });
export type BrowserSession = z.infer<typeof BrowserSession>;
