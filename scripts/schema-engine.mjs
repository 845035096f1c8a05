#!/usr/bin/env node
// Prisma's schema engine for `prisma migrate …`, without a download: the engine's JSON-RPC over standard input and
// output, carried out by @prisma/schema-engine-wasm with adapter-pg. prisma.config.ts names it as the engine's binary.
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from "@prisma/driver-adapter-utils";
import pg from "pg";

const argv = process.argv.slice(2);
const option = (name) => (argv.includes(name) ? argv[argv.indexOf(name) + 1] : undefined);
const optionList = (name) => {
  const rest = argv.includes(name) ? argv.slice(argv.indexOf(name) + 1) : [];
  const end = rest.findIndex((argument) => argument.startsWith("--"));
  return end < 0 ? rest : rest.slice(0, end);
};
const url = JSON.parse(option("--datasource") ?? "{}").url;

/** Oid of the catalog's one-byte type "char", which adapter-pg does not know: read as text, reported as Character. */
const charOid = 18;
const textOid = 25;

function relabelChars(result) {
  const fields = result?.fields ?? [];
  const chars = fields.flatMap((field, index) => (field.dataTypeID === charOid ? [index] : []));
  for (const index of chars) fields[index].dataTypeID = textOid;
  if (result?.rows) result.rows.chars = chars;
  return result;
}

class CatalogClient extends pg.Client {
  query(...argumentList) {
    const callback = argumentList.findLastIndex((argument) => typeof argument === "function");
    if (callback < 0) return super.query(...argumentList).then(relabelChars);
    const answer = argumentList[callback];
    argumentList[callback] = (error, result) => answer(error, relabelChars(result));
    return super.query(...argumentList);
  }
}

async function connectAdapter(connectionString, afterwards = async () => {}) {
  const pool = new pg.Pool({ connectionString, max: 1, Client: CatalogClient });
  const adapter = await new PrismaPg(pool).connect();
  const queryRaw = adapter.queryRaw.bind(adapter);
  adapter.queryRaw = async (query) => {
    const result = await queryRaw(query);
    for (const index of result.rows.chars ?? []) result.columnTypes[index] = ColumnTypeEnum.Character;
    return result;
  };
  // The adapter's own splits scripts at every semicolon, in function bodies too.
  adapter.executeScript = async (script) => {
    await pool.query(script).catch((error) => adapter.onError(error));
  };
  adapter.dispose = async () => {
    await pool.end();
    await afterwards();
  };
  return adapter;
}

async function execute(sql, connectionString = url) {
  const client = new pg.Client(connectionString);
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

const adapterFactory = {
  provider: "postgres",
  adapterName: "@prisma/adapter-pg",
  connect: () => connectAdapter(url),
  async connectToShadowDb() {
    const name = `prisma_migrate_shadow_db_${randomUUID()}`;
    const shadow = new URL(url);
    shadow.pathname = `/${name}`;
    await execute(`CREATE DATABASE "${name}"`);
    return connectAdapter(shadow.href, () => execute(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));
  },
};

/** `schema-engine cli create-database | drop-database | can-connect-to-database`. */
async function runCommand(command) {
  const target = new URL(url);
  const database = pg.escapeIdentifier(decodeURIComponent(target.pathname.slice(1)));
  const statements = {
    "can-connect-to-database": "SELECT 1",
    "create-database": `CREATE DATABASE ${database}`,
    "drop-database": `DROP DATABASE ${database} WITH (FORCE)`,
  };
  if (command !== "can-connect-to-database") target.pathname = "/postgres";
  try {
    await execute(statements[command], target.href);
  } catch (error) {
    const prismaCode = { "3D000": "P1003", "28P01": "P1000", ECONNREFUSED: "P1001", "42P04": "P1009" }[error.code];
    const fields = { message: error.message, is_panic: false, error_code: prismaCode, meta: {} };
    const line = { timestamp: new Date().toISOString(), level: "ERROR", fields, target: "schema_engine" };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    process.exitCode = 1;
  }
}

async function loadEngine() {
  const bindings = await import("@prisma/schema-engine-wasm/schema_engine_bg");
  const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const binary = readFileSync(script.replace(/\.js$/, ".wasm"));
  const { instance } = await WebAssembly.instantiate(binary, { "./schema_engine_bg.js": bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start?.();
  const datamodels = optionList("--datamodels").map((file) => [file, readFileSync(file, "utf8")]);
  const options = { datamodels: datamodels.length > 0 ? datamodels : undefined };
  return bindings.SchemaEngine.new(options, () => {}, bindMigrationAwareSqlAdapterFactory(adapterFactory));
}

function rpcError(error, panic) {
  const known = Boolean(error?.code);
  const message = known ? error.message : [panic, error?.message ?? String(error)].filter(Boolean).join(" ");
  const data = { is_panic: false, message, meta: error?.meta ?? {}, error_code: error?.code ?? null };
  return { code: 4466, message: "An error happened. Check the data field for details.", data };
}

async function serve() {
  let panic = "";
  globalThis.PRISMA_WASM_PANIC_REGISTRY = {
    set_message: (message) => {
      panic = message;
    },
  };
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  let engine;
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = line.trim() ? JSON.parse(line) : {};
    if (!method) continue;
    try {
      engine ??= await loadEngine();
      const result = await (method === "getDatabaseVersion" ? engine.version(params) : engine[method](params));
      if (method === "diff") {
        send({ id: `print-${id}`, method: "print", params: { content: result.stdout ?? "" } });
        result.stdout = null;
      }
      send({ id, result: result ?? {} });
    } catch (error) {
      send({ id, error: rpcError(error, panic) });
    }
  }
  process.exit(0);
}

const command = argv.includes("cli") ? argv[argv.indexOf("cli") + 1] : null;
await (command ? runCommand(command) : serve());
