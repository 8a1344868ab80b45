import assert from "node:assert/strict";
import { openSecrets } from "../../../rehearsal/checks-after-up";
import { failuresOf } from "../../../rehearsal/drills/drill";
import { secretsChangeInPlace } from "../../../rehearsal/drills/rotation";
import { slowStore } from "../../../rehearsal/drills/slow-store";
import { broken, findings, onStage } from "../support/stages";

describe("the engine, on a platform that is broken", () => {
  it("refuses two resources of one name", () =>
    onStage({ stack: "staging" }, async (stage) => {
      stage.mutations = [broken("duplicate-name")];
      const failures = failuresOf(await stage.run("preview"));
      assert.match(failures.join("\n"), /Duplicate resource URN .*RandomId/);
    }));

  it("refuses a name that leaves no room for its suffix", () =>
    onStage({ stack: "staging" }, async (stage) => {
      stage.mutations = [broken("long-name")];
      const failures = failuresOf(await stage.run("preview"));
      assert.match(failures.join("\n"), /a{60}.*64/s);
    }));

  it("shows what waits for a store because its arguments went to super", () =>
    onStage({ stack: "staging" }, async (stage) => {
      stage.mutations = [broken("args-to-super")];
      const found = findings(await slowStore(stage), /slow store/);
      assert.match(found.join("\n"), /Secret langfuse-secrets-\S+ waited without a dependency/);
    }));

  it("shows a Secret that is replaced when its data changes", () =>
    onStage({ stack: "staging" }, async (stage) => {
      stage.mutations = [broken("immutable-secrets")];
      assert.deepEqual(failuresOf(await stage.run("up")), []);
      const found = findings(await secretsChangeInPlace(stage), /in place/);
      assert.match(found.join("\n"), /replace kubernetes:core\/v1:Secret/);
    }));

  it("shows a secret in an environment", () =>
    onStage({ stack: "staging" }, async (stage) => {
      stage.mutations = [broken("secret-in-environment")];
      assert.deepEqual(failuresOf(await stage.run("up")), []);
      const found = findings(await openSecrets(stage), /plain text/);
      assert.match(found.join("\n"), /Job langfuse\/langfuse-migrations-\S+: shows a generated secret/);
    }));
});
