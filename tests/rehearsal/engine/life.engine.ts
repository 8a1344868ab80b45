import { openSecrets } from "../../../rehearsal/checks-after-up";
import { endpointChange, poolBounds } from "../../../rehearsal/drills/drift";
import { firstUp, secondPreview } from "../../../rehearsal/drills/first-up";
import { slowStore } from "../../../rehearsal/drills/slow-store";
import { durableRefusal, teardown } from "../../../rehearsal/drills/teardown";
import { onStage, passes } from "../support/stages";

describe("the engine, on stand-ins", () => {
  it("builds staging in one run, finds nothing to do afterwards, and leaves nothing", () =>
    onStage({ stack: "staging" }, async (stage) => {
      passes(await firstUp(stage));
      passes(await secondPreview(stage));
      passes(await poolBounds(stage));
      passes(await endpointChange(stage));
      passes(await openSecrets(stage));
      passes(await teardown("destroy")(stage));
      // The second life has the names of the first, and a slow database.
      passes(await slowStore(stage));
      passes(await teardown("destroy again")(stage));
    }));

  it("keeps prod until it is made disposable", () =>
    onStage({ stack: "prod" }, async (stage) => {
      passes(await firstUp(stage));
      passes(await durableRefusal(stage));
      passes(await teardown("destroy")(stage));
    }));
});
