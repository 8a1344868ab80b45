import assert from "node:assert/strict";
import { ADDON_VERSIONS, Addons, addonVersion } from "../../../components/internal/addon-versions";
import { KUBERNETES_MINORS } from "../../../components/internal/kubernetes-versions";

describe("add-on versions", () => {
  for (const minor of KUBERNETES_MINORS) {
    it(`pins every add-on for ${minor}`, () => {
      assert.deepEqual(Object.keys(ADDON_VERSIONS[minor]).sort(), Object.values(Addons).sort());
      for (const [addon, version] of Object.entries(ADDON_VERSIONS[minor])) {
        assert.match(version, /^v\d+\.\d+\.\d+-eksbuild\.\d+$/, addon);
      }
      assert.ok(addonVersion(minor, Addons.KubeProxy).startsWith(`v${minor}.`));
    });

    it(`has a network policy agent for ${minor} that lets traffic through`, () => {
      const [, major, second] = /^v(\d+)\.(\d+)\./.exec(addonVersion(minor, Addons.VpcCni)) ?? [];
      assert.ok(Number(major) > 1 || Number(second) >= 23);
    });
  }

  it("prefers the caller's version", () => {
    assert.equal(addonVersion("1.35", Addons.CoreDns, { coredns: "v9.9.9-eksbuild.9" }), "v9.9.9-eksbuild.9");
    assert.equal(addonVersion("1.35", Addons.CoreDns, {}), ADDON_VERSIONS["1.35"].coredns);
  });
});
