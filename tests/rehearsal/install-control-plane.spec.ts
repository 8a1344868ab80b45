import assert from "node:assert/strict";
import { parse } from "yaml";
import { permissiveCrd, undefinedKinds } from "../../rehearsal/cluster/crds";
import { freePorts } from "../../rehearsal/cluster/ports";
import { fittedConfiguration } from "../../rehearsal/cluster/scheduler-configuration";

const MONITOR = {
  apiVersion: "monitoring.coreos.com/v1",
  kind: "ServiceMonitor",
  plural: "servicemonitors",
  namespaced: true,
};

describe("the rehearsal's control plane", () => {
  describe("a second scheduler", () => {
    const TEXT = [
      "kind: KubeSchedulerConfiguration",
      "clientConnection: { qps: 50 }",
      "leaderElection: { leaderElect: true, resourceName: packer }",
      "profiles: [{ schedulerName: packer, pluginConfig: [{ name: NodeResourcesFit }] }]",
    ].join("\n");

    it("decides as its configuration says, and is reached as the rig is", () => {
      const { text, schedulerName } = fittedConfiguration(TEXT, "/state/kubeconfig");
      assert.equal(schedulerName, "packer");
      assert.deepEqual(parse(text), {
        kind: "KubeSchedulerConfiguration",
        clientConnection: { qps: 50, kubeconfig: "/state/kubeconfig" },
        leaderElection: { leaderElect: false },
        profiles: [{ schedulerName: "packer", pluginConfig: [{ name: "NodeResourcesFit" }] }],
      });
    });

    it("is refused when what it is given is no configuration", () => {
      assert.throws(() => fittedConfiguration("kind: Policy", "/k"), /KubeSchedulerConfiguration, not Policy/);
      assert.throws(() => fittedConfiguration("", "/k"), /KubeSchedulerConfiguration, not nothing/);
    });
  });

  describe("CRDs", () => {
    it("that accept anything are named as the server wants them", () => {
      const { metadata, spec } = permissiveCrd(MONITOR);
      assert.equal(metadata.name, "servicemonitors.monitoring.coreos.com");
      assert.equal(spec.scope, "Namespaced");
      assert.deepEqual(
        spec.versions.map(({ name }: { readonly name: string }) => name),
        ["v1"],
      );
    });

    it("stand in only for kinds that no CRD defines", () => {
      const rule = { ...MONITOR, kind: "PrometheusRule", plural: "prometheusrules" };
      const older = { ...MONITOR, apiVersion: "monitoring.coreos.com/v1alpha1" };
      assert.deepEqual(undefinedKinds([MONITOR, rule, older], [permissiveCrd(MONITOR)]), [rule]);
    });
  });

  it("takes ports that are all different", async () => {
    assert.equal(new Set(await freePorts(8)).size, 8);
  });
});
