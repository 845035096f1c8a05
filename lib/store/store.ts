import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { openPool } from "./connection.ts";
import type { DatabaseConfig } from "./database-config.ts";
import { PrismaClient } from "./generated/client.ts";

/** The database as the web process sees it. Opening one connects to nothing; each call does, and fails by itself. */
export interface Store {
  prisma: PrismaClient;
  /** Shared by Prisma and by what it has no words for. */
  pool: pg.Pool;
  database: DatabaseConfig;
  close(): Promise<void>;
}

export function openStore(database: DatabaseConfig, maxConnections = 10): Store {
  const pool = openPool(database, "minirun-web", maxConnections);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const close = async () => {
    await prisma.$disconnect();
    await pool.end();
  };
  return { prisma, pool, database, close };
}
