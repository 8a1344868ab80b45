import assert from "node:assert/strict";
import { type Properties, UNKNOWN } from "../../rehearsal/providers/provider";
import { RandomStandIn } from "../../rehearsal/random/stand-in";
import { randomText, randomValue } from "../../rehearsal/random/values";

const PASSWORD = { urn: "", type: "random:index/randomPassword:RandomPassword", name: "password" };
const REAL = { preview: false, timeoutSeconds: undefined };

const TEXTS: readonly [inputs: Properties, pattern: RegExp][] = [
  [{ length: 32, special: false }, /^[A-Za-z0-9]{32}$/],
  [{ length: 3, minLower: 1, minUpper: 1, minNumeric: 1, special: false }, /^(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9]).{3}$/],
  [{ length: 8, upper: false, lower: false, numeric: false, overrideSpecial: "+" }, /^\+{8}$/],
  [{ length: 4, minSpecial: 4, overrideSpecial: "-_" }, /^[-_]{4}$/],
];

describe("the random stand-in", () => {
  for (const [inputs, pattern] of TEXTS) {
    it(`makes text of ${JSON.stringify(inputs)}`, () => assert.match(randomText(inputs), pattern));
  }

  it("makes another value each time, and knows which were secret", async () => {
    const provider = new RandomStandIn();
    const made = [
      await provider.create(PASSWORD, { length: 16 }, REAL),
      await provider.create(PASSWORD, { length: 16 }, REAL),
    ].map(({ state }) => state.result);
    assert.notEqual(made[0], made[1]);
    assert.ok(made.every((password) => provider.secrets().includes(password)));
  });

  it("puts the prefix before each form of an id", () => {
    const { outputs } = randomValue("random:index/randomId:RandomId", { byteLength: 4, prefix: "main-" });
    assert.match(outputs.hex, /^main-[0-9a-f]{8}$/);
    assert.match(outputs.dec, /^main-[0-9]+$/);
    assert.match(outputs.b64Url, /^main-[\w-]{6}$/);
  });

  it("keeps what it makes to itself in a preview", async () => {
    const { state } = await new RandomStandIn().create(PASSWORD, { length: 16 }, { ...REAL, preview: true });
    assert.equal(state.result, UNKNOWN);
  });

  it("replaces for any change, and not for another order of keepers", async () => {
    const provider = new RandomStandIn();
    const before = { length: 16, keepers: { a: "1", b: "2" } };
    const same = await provider.diff(PASSWORD, "none", before, {}, { keepers: { b: "2", a: "1" }, length: 16 });
    const other = await provider.diff(PASSWORD, "none", before, {}, { length: 16, keepers: { a: "1", b: "3" } });
    assert.deepEqual([same.replaces, other.replaces], [[], ["keepers"]]);
  });

  it("refuses minima that do not fit", async () => {
    const { failures } = await new RandomStandIn().check(PASSWORD, undefined, { length: 2, minLower: 3 });
    assert.match(failures[0]?.reason ?? "", /length is 2, and the minima demand 3 characters/);
  });

  it("refuses a type that it does not know", () => {
    assert.throws(() => randomValue("random:index/randomPet:RandomPet", {}), /has no stand-in; known are /);
  });
});
