import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DATABASE_ROLES_SCHEMA, DATABASE_ROLES_SCRIPT } from "../../../components/langfuse/database-roles-script";

const ENVIRONMENT = {
  DATABASE_HOST: "postgres.internal:5432",
  DATABASE_NAME: "langfuse",
  DATABASE_ARGS: "sslmode=require&connection_limit=10",
  DATABASE_MASTER_USERNAME: "platform",
  DATABASE_MASTER_PASSWORD: "master:/pass",
  DATABASE_OWNER: "langfuse_owner",
  DATABASE_LOGINS: "langfuse_a,langfuse_b",
  DATABASE_LOGIN_PASSWORD_0: "passwordOfA",
  DATABASE_LOGIN_PASSWORD_1: "passwordOfB",
};

describe("login roles", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "roles-"));
    writeFileSync(join(folder, "roles.mjs"), DATABASE_ROLES_SCRIPT);
    writeFileSync(join(folder, "roles.prisma"), DATABASE_ROLES_SCHEMA);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A `prisma` that notes how it was called. */
  function prisma(exitCode: number): void {
    const file = join(folder, "prisma");
    writeFileSync(
      file,
      `#!/bin/sh\necho "$@" > "${folder}/arguments"\necho "$DATABASE_URL" > "${folder}/url"\ncat > "${folder}/sql"\necho "P1000: no entry" >&2\nexit ${exitCode}\n`,
    );
    chmodSync(file, 0o755);
  }
  const run = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(process.execPath, [join(folder, "roles.mjs"), ...args], {
      env: { ...ENVIRONMENT, PATH: `${folder}:${process.env.PATH}` },
      encoding: "utf8",
    });
  const noted = (what: string) => readFileSync(join(folder, what), "utf8").trim();

  it("are made and brought up to date by statements that can run again", () => {
    const lines = run("--print").stdout.trim().split("\n");
    const masked = lines.map((line) => line.replace(/SCRAM-SHA-256\$4096:[^']+/, "SCRAM"));
    assert.deepEqual(masked, [
      "DO $roles$ BEGIN",
      `  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langfuse_owner') THEN CREATE ROLE "langfuse_owner"; END IF;`,
      `  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langfuse_a') THEN CREATE ROLE "langfuse_a"; END IF;`,
      `  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'langfuse_b') THEN CREATE ROLE "langfuse_b"; END IF;`,
      "END $roles$;",
      'ALTER ROLE "langfuse_owner" NOLOGIN;',
      'GRANT CONNECT, CREATE, TEMPORARY ON DATABASE "langfuse" TO "langfuse_owner";',
      'GRANT USAGE, CREATE ON SCHEMA public TO "langfuse_owner";',
      'GRANT "langfuse_owner" TO "langfuse_a";',
      `ALTER ROLE "langfuse_a" LOGIN PASSWORD 'SCRAM';`,
      `ALTER ROLE "langfuse_a" SET role = 'langfuse_owner';`,
      'GRANT "langfuse_owner" TO "langfuse_b";',
      `ALTER ROLE "langfuse_b" LOGIN PASSWORD 'SCRAM';`,
      `ALTER ROLE "langfuse_b" SET role = 'langfuse_owner';`,
    ]);
  });

  it("get verifiers that fit their passwords, never the passwords", () => {
    const sql = run("--print").stdout;
    const verifiers = [...sql.matchAll(/SCRAM-SHA-256\$(\d+):([^$]+)\$([^:]+):([^']+)'/g)];
    assert.equal(verifiers.length, 2);
    for (const [index, password] of [
      ENVIRONMENT.DATABASE_LOGIN_PASSWORD_0,
      ENVIRONMENT.DATABASE_LOGIN_PASSWORD_1,
    ].entries()) {
      const [, rounds, salt, stored, server] = verifiers[index] ?? [];
      const salted = pbkdf2Sync(password, Buffer.from(salt ?? "", "base64"), Number(rounds), 32, "sha256");
      const key = (label: string) => createHmac("sha256", salted).update(label).digest();
      assert.equal(stored, createHash("sha256").update(key("Client Key")).digest("base64"));
      assert.equal(server, key("Server Key").toString("base64"));
      assert.ok(!sql.includes(password));
    }
  });

  it("reach the database without a secret among the arguments", () => {
    prisma(0);
    const result = run();
    assert.equal(result.status, 0);
    assert.match(result.stdout, /login roles are in place: langfuse_a, langfuse_b/);
    assert.equal(noted("arguments"), `db execute --stdin --schema ${join(folder, "roles.prisma")}`);
    assert.equal(
      noted("url"),
      "postgresql://platform:master%3A%2Fpass@postgres.internal:5432/langfuse?sslmode=require&connection_limit=10",
    );
    assert.match(noted("sql"), /^DO \$roles\$ BEGIN\n/);
  });

  it("fail with Prisma's reason and without a secret", () => {
    prisma(1);
    const result = run();
    assert.equal(result.status, 1);
    assert.match(result.stderr, /^the login roles could not be set: P1000: no entry/);
    for (const [name, value] of Object.entries(ENVIRONMENT)) {
      if (name.includes("PASSWORD")) assert.ok(!`${result.stdout}${result.stderr}`.includes(value), name);
    }
  });
});
