import * as z from "zod";
import {
  CreateSession,
  CreateShare,
  RecordingInfo,
  RedeemShare,
  Session,
  SessionInfo,
  Share,
  SharedSession,
} from "../session.ts";
import { listOf, type Route } from "./route.ts";

/** Terminals: shells, sessions, shares, recordings. */
export const sessionRoutes = {
  listShells: {
    method: "GET",
    path: "/containers/{name}/shells",
    role: "viewer",
    summary: "List the shells that a container has, the best first",
    success: listOf(z.string()),
  },
  createSession: {
    method: "POST",
    path: "/containers/{name}/sessions",
    role: "operator",
    summary: "Open a terminal session",
    body: CreateSession.prefault({}),
    success: { status: 201, schema: Session },
  },
  listSessions: {
    method: "GET",
    path: "/containers/{name}/sessions",
    role: "viewer",
    summary: "List a container's terminal sessions",
    success: listOf(SessionInfo),
  },
  createTicket: {
    method: "POST",
    path: "/sessions/{id}/tickets",
    role: "operator",
    summary: "A fresh ticket for a session that exists",
    body: z.strictObject({ readOnly: z.boolean().default(false) }).prefault({}),
    success: { status: 201, schema: Session },
  },
  createShare: {
    method: "POST",
    path: "/sessions/{id}/shares",
    role: "operator",
    summary: "Let others watch a session by a link",
    body: CreateShare.prefault({}),
    success: { status: 201, schema: Share },
  },
  deleteShares: {
    method: "DELETE",
    path: "/sessions/{id}/shares",
    role: "operator",
    summary: "End every share of a session, and the streams that rest on one",
    success: { status: 204 },
  },
  redeemShare: {
    method: "POST",
    path: "/shares/redeem",
    summary: "Exchange a share's code for a ticket to watch",
    signIn: false,
    body: RedeemShare,
    success: { status: 200, schema: SharedSession },
  },
  listRecordings: {
    method: "GET",
    path: "/containers/{name}/recordings",
    role: "viewer",
    summary: "List what can be replayed",
    success: listOf(RecordingInfo),
  },
  readRecording: {
    method: "GET",
    path: "/containers/{name}/recordings/{id}",
    role: "operator",
    summary: "Read a recording as asciicast, version 2",
    success: { status: 200, stream: "application/x-asciicast" },
  },
  deleteSession: {
    method: "DELETE",
    path: "/sessions/{id}",
    role: "operator",
    summary: "End a session; one whose command has ended goes, with its recording",
    success: { status: 204 },
  },
} as const satisfies Record<string, Route>;
