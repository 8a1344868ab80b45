import assert from "node:assert/strict";
import { cidrContains, cidrsOverlap, isCidr, subnetPlan } from "../../../components/internal/cidr";

const ZONES = ["a", "b", "c", "d", "e", "f", "g"];

describe("cidr", () => {
  it("tells a range from an address, a host in a range and nonsense", () => {
    assert.deepEqual(
      ["10.0.0.0/16", "0.0.0.0/0", "10.0.0.0", "10.0.0.1/16", "10.0.0.0/33", "banana", "fd00::/8"].map(isCidr),
      [true, true, false, false, false, false, false],
    );
  });

  it("knows overlap in both directions and its absence", () => {
    assert.ok(cidrsOverlap("10.0.0.0/16", "10.0.5.0/24"));
    assert.ok(cidrsOverlap("10.0.5.0/24", "10.0.0.0/16"));
    assert.ok(!cidrsOverlap("10.0.0.0/16", "10.1.0.0/16"));
  });

  it("lays out a /16 for three zones", () => {
    assert.deepEqual(subnetPlan("10.20.0.0/16", ["a", "b", "c"]), {
      a: { private: "10.20.0.0/18", public: "10.20.192.0/22", data: "10.20.224.0/22" },
      b: { private: "10.20.64.0/18", public: "10.20.196.0/22", data: "10.20.228.0/22" },
      c: { private: "10.20.128.0/18", public: "10.20.200.0/22", data: "10.20.232.0/22" },
    });
  });

  it("keeps the subnets of two zones when a third is added", () => {
    const two = subnetPlan("10.20.0.0/16", ["a", "b"]);
    const three = subnetPlan("10.20.0.0/16", ["a", "b", "c"]);
    assert.deepEqual({ a: three.a, b: three.b }, two);
  });

  for (const prefix of [16, 18, 20]) {
    for (let count = 2; count <= ZONES.length; count++) {
      it(`gives disjoint subnets inside a /${prefix} for ${count} zones`, () => {
        const vpc = `10.20.0.0/${prefix}`;
        const all = Object.values(subnetPlan(vpc, ZONES.slice(0, count))).flatMap((zone) => Object.values(zone));
        assert.equal(all.length, count * 3);
        for (const [index, subnet] of all.entries()) {
          assert.ok(isCidr(subnet) && cidrContains(vpc, subnet), `${subnet} is not inside ${vpc}`);
          for (const other of all.slice(index + 1))
            assert.ok(!cidrsOverlap(subnet, other), `${subnet} overlaps ${other}`);
        }
      });
    }
  }
});
