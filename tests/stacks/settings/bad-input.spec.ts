import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type SettingsContext, settingsMessage } from "../../../stacks/settings";
import { type Changes, parsed, problemLines } from "../../support/settings";

interface Edit {
  readonly change?: Changes;
  readonly remove?: readonly string[];
}

interface Case extends Edit {
  readonly case: string;
  readonly context?: Partial<SettingsContext>;
  readonly says: readonly string[];
}

interface Table {
  readonly start?: Edit;
  readonly cases: readonly Case[];
}

const FOLDER = join(__dirname, "bad-input");

function edits(...steps: (Edit | undefined)[]): Changes {
  return Object.assign(
    {},
    ...steps.map((step) => ({
      ...step?.change,
      ...Object.fromEntries((step?.remove ?? []).map((path) => [path, undefined])),
    })),
  );
}

const TABLES = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .sort()
  .map((file) => ({ file, table: parse(readFileSync(join(FOLDER, file), "utf8")) as Table }));

describe("bad settings", () => {
  it("has a table of well over forty cases, each with an answer", () => {
    const cases = TABLES.flatMap(({ table }) => table.cases);
    assert.ok(cases.length >= 100, `${cases.length} cases`);
    assert.ok(cases.every(({ says }) => says.length > 0));
  });

  for (const { file, table } of TABLES) {
    describe(file.replace(".yaml", ""), () => {
      if (table.start) {
        it("starts from settings that are sound", () => {
          assert.deepEqual(problemLines(edits(table.start)), []);
        });
      }
      for (const each of table.cases) {
        it(`refuses ${each.case}`, () => {
          const result = parsed(edits(table.start, each), each.context);
          assert.ok(result.problems, "expected problems");
          const count = each.says.length === 1 ? "1 problem" : `${each.says.length} problems`;
          assert.equal(
            settingsMessage("prod", result.problems),
            [
              `Stack "prod" has ${count} in its settings (Pulumi.prod.yaml, keys below llm-platform:):`,
              ...each.says.map((line) => `  ${line}`),
            ].join("\n"),
          );
        });
      }
    });
  }

  it("tells of everything at once, across sections and rules", () => {
    assert.deepEqual(
      problemLines({
        "nodePools.cpu.minSize": 30,
        "langfuse.host": "https://langfuse.example.com",
        "langfuse.version": "latest",
        "postgres.create.multiAz": false,
        teapot: true,
      }).map((line) => line.split(":")[0]),
      ["teapot", "langfuse.host", "langfuse.version", "nodePools.cpu.minSize", "postgres.create.multiAz"],
    );
  });

  it("never repeats a secret, however wrong it is", () => {
    const canary = "hunter2/canary";
    const everywhere: Changes = {
      secrets: {
        encryptionKey: canary,
        postgresMasterPassword: canary,
        redisTokenA: [canary],
        salt: { value: canary },
        smtpConnectionUrl: canary,
        teapot: canary,
        ssoGoogleClientSecret: canary,
        envTeapot: canary,
        cloudflareToken: canary,
        kubeconfig: canary,
      },
      "postgres.create.masterPassword": canary,
      "langfuse.host": { token: canary },
      "langfuse.sso": { google: { clientId: "x", clientSecret: canary } },
      "redis.create.nodeType": canary,
      apiToken: canary,
    };
    const lines = problemLines(everywhere, { secretSections: ["secrets", "redis"] });
    assert.ok(lines.length >= 12, lines.join("\n"));
    assert.deepEqual(
      lines.filter((line) => line.includes(canary)),
      [],
    );
  });
});
