/** Prisma's own view of the database: only where it is. */
export const DATABASE_ROLES_SCHEMA = `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}
`;

/**
 * Makes and rotates the login roles, run by Node inside the web image. The statements go to `prisma db execute` on standard
 * input and the URL through the environment, so that neither shows in a list of processes. Passwords are sent as SCRAM
 * verifiers, which PostgreSQL stores as they are: a server that logs statements never logs a password.
 * With `--print` the statements are printed instead of run.
 */
export const DATABASE_ROLES_SCRIPT = String.raw`import { spawnSync } from "node:child_process";
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const env = process.env;
const literal = (text) => "'" + text.replaceAll("'", "''") + "'";
const identifier = (text) => '"' + text.replaceAll('"', '""') + '"';

function verifier(password) {
  const salt = randomBytes(16);
  const rounds = 4096;
  const salted = pbkdf2Sync(password, salt, rounds, 32, "sha256");
  const key = (label) => createHmac("sha256", salted).update(label).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return "SCRAM-SHA-256$" + rounds + ":" + salt.toString("base64") + "$" + stored + ":" + key("Server Key").toString("base64");
}

function makeRole(role) {
  const make = "CREATE ROLE " + identifier(role);
  return "IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = " + literal(role) + ") THEN " + make + "; END IF;";
}

// Everything belongs to one group role: each login acts as that role from its first statement on, so what one login creates the
// other may alter, and no rotation ever moves an owner.
function statements(database, owner, logins) {
  const group = identifier(owner);
  return [
    "DO $roles$ BEGIN",
    ...[owner, ...Object.keys(logins)].map((role) => "  " + makeRole(role)),
    "END $roles$;",
    "ALTER ROLE " + group + " NOLOGIN;",
    "GRANT CONNECT, CREATE, TEMPORARY ON DATABASE " + identifier(database) + " TO " + group + ";",
    "GRANT USAGE, CREATE ON SCHEMA public TO " + group + ";",
    ...Object.entries(logins).flatMap(([role, password]) => [
      "GRANT " + group + " TO " + identifier(role) + ";",
      "ALTER ROLE " + identifier(role) + " LOGIN PASSWORD " + literal(verifier(password)) + ";",
      "ALTER ROLE " + identifier(role) + " SET role = " + literal(owner) + ";",
    ]),
  ].join("\n");
}

const logins = Object.fromEntries(
  env.DATABASE_LOGINS.split(",").map((role, index) => [role, env["DATABASE_LOGIN_PASSWORD_" + index]]),
);
const sql = statements(env.DATABASE_NAME, env.DATABASE_OWNER, logins);
if (process.argv.includes("--print")) {
  console.log(sql);
} else {
  const login = encodeURIComponent(env.DATABASE_MASTER_USERNAME) + ":" + encodeURIComponent(env.DATABASE_MASTER_PASSWORD);
  const url = "postgresql://" + login + "@" + env.DATABASE_HOST + "/" + env.DATABASE_NAME + "?" + env.DATABASE_ARGS;
  const schema = new URL("./roles.prisma", import.meta.url).pathname;
  const done = spawnSync("prisma", ["db", "execute", "--stdin", "--schema", schema], {
    input: sql,
    env: { ...env, DATABASE_URL: url },
    encoding: "utf8",
  });
  console.log(done.stdout ?? "");
  if (done.status === 0) {
    console.log("login roles are in place: " + Object.keys(logins).join(", "));
  } else {
    console.error("the login roles could not be set: " + (done.error?.message ?? done.stderr));
    process.exitCode = 1;
  }
}
`;
