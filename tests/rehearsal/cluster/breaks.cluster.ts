import assert from "node:assert/strict";
import { checksAfterUp } from "../../../rehearsal/checks-after-up";
import { failuresOf } from "../../../rehearsal/drills/drill";
import { firstUp } from "../../../rehearsal/drills/first-up";
import { teardown } from "../../../rehearsal/drills/teardown";
import { onPlane } from "../support/planes";
import { broken, findings, onStage } from "../support/stages";

const stack = "staging";

describe("the rehearsal, on a platform that is broken", () => {
  it("finds a wrong selector, and a budget that forbids every eviction", () =>
    onPlane(stack, (cluster) =>
      onStage({ stack, cluster }, async (stage) => {
        stage.mutations = [broken("wrong-selector"), broken("forbidding-budget")];
        assert.deepEqual(failuresOf(await stage.run("up")), []);
        const verdicts = await checksAfterUp(stage);
        const found = findings(verdicts, /monitors find|forbids every eviction/).join("\n");
        assert.match(found, /PodMonitor langfuse-data\/\S+/);
        assert.match(found, /PodDisruptionBudget langfuse\/langfuse-web/);
      }),
    ));

  it("finds a missing edge between the migration and the release", () =>
    onPlane(stack, (cluster) =>
      onStage({ stack, cluster }, async (stage) => {
        stage.mutations = [broken("missing-edge")];
        const found = findings(await firstUp(stage), /migration/);
        assert.match(found.join("\n"), /existed before the migration was over/);
      }),
    ));

  it("finds a pod that no node of its pool can hold", () =>
    onPlane(stack, (cluster) =>
      onStage({ stack, cluster, patienceSeconds: 25 }, async (stage) => {
        stage.mutations = [broken("large-pod")];
        const found = findings(await firstUp(stage), /second try/);
        assert.match(found.join("\n"), /langfuse-release.*Insufficient memory/s);
      }),
    ));

  it("finds a finalizer whose controller goes first", () =>
    onPlane(stack, (cluster) =>
      onStage({ stack, cluster, patienceSeconds: 25 }, async (stage) => {
        // In a new cluster the edge is missed at once, for want of the kind; here it goes missing later.
        assert.deepEqual(failuresOf(await stage.run("up")), []);
        stage.mutations = [broken("finalizer-order")];
        assert.deepEqual(failuresOf(await stage.run("up")), []);
        // Nothing but an edge may keep the controller there: here its objects are slow to go.
        stage.calls.interceptor = {
          before: async ({ method, type }) => {
            if (method === "delete" && type.startsWith("kubernetes:keda.sh/"))
              await new Promise((go) => setTimeout(go, 8000));
          },
        };
        const found = findings(await teardown("destroy")(stage), /destroy/);
        assert.match(found.join("\n"), /finalizers are left: finalizer.keda.sh/);
      }),
    ));
});
