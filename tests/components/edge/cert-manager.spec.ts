import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { CertManager, type CertManagerArgs } from "../../../components/edge/cert-manager";
import { IngressControllerKind } from "../../../components/edge/ingress-contract";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { dig } from "./dig";

const MINIMAL: CertManagerArgs = { namespace: "cert-manager" };
const RELEASE = "kubernetes:helm.sh/v3:Release";
const QUEUE = "aws:sqs/queue:Queue";
const certManager = (args: Partial<CertManagerArgs> = {}) =>
  graphOf(() => new CertManager("certs", { ...MINIMAL, ...args }, explicitProviders()));
const valuesOf = (graph: Graph) => graph.one(RELEASE).inputs.values;
const DEPLOYMENTS = ["", "webhook.", "cainjector."];

describe("CertManager", () => {
  it("installs one release with definitions that outlive it, behind the check of its API", async () => {
    const graph = await certManager();
    const { inputs } = graph.one(RELEASE, "certs-release");
    assert.deepEqual([inputs.chart, inputs.version, inputs.name], ["cert-manager", "v1.21.1", "cert-manager"]);
    assert.deepEqual([inputs.namespace, inputs.waitForJobs, inputs.timeout], ["cert-manager", true, 600]);
    assert.deepEqual(dig(valuesOf(graph), "crds"), { enabled: true, keep: true });
    assert.equal(dig(valuesOf(graph), "startupapicheck.enabled"), true);
    assert.equal(dig(valuesOf(graph), "global.leaderElection.namespace"), "cert-manager");
    assert.equal(dig(valuesOf(graph), "config"), undefined);
  });

  it("runs every part twice, apart, within Pod Security restricted", async () => {
    const values = valuesOf(await certManager());
    for (const part of DEPLOYMENTS) {
      assert.equal(dig(values, `${part}replicaCount`), 2);
      assert.deepEqual(dig(values, `${part}podDisruptionBudget`), { enabled: true, maxUnavailable: 1 });
      assert.equal((dig(values, `${part}topologySpreadConstraints`) as unknown[]).length, 1);
    }
    for (const part of [...DEPLOYMENTS, "startupapicheck."]) {
      assert.deepEqual(dig(values, `${part}securityContext.seccompProfile`), { type: "RuntimeDefault" });
      assert.equal(dig(values, `${part}containerSecurityContext.readOnlyRootFilesystem`), true);
      assert.deepEqual(dig(values, `${part}containerSecurityContext.capabilities`), { drop: ["ALL"] });
      assert.notEqual(dig(values, `${part}resources.limits.memory`), undefined);
    }
  });

  it("pulls all five images through the mirror", async () => {
    const graph = await certManager({ mirrors: { charts: "./charts/", images: "mirror.example.internal/hub" } });
    assert.equal(graph.one(RELEASE).inputs.chart, "./charts/cert-manager-v1.21.1.tgz");
    for (const [part, image] of [
      ["", "controller"],
      ["webhook.", "webhook"],
      ["cainjector.", "cainjector"],
      ["acmesolver.", "acmesolver"],
      ["startupapicheck.", "startupapicheck"],
    ]) {
      assert.deepEqual(dig(valuesOf(graph), `${part}image`), {
        repository: `mirror.example.internal/hub/quay.io/jetstack/cert-manager-${image}`,
        tag: "v1.21.1",
      });
    }
  });

  it("takes everything that the caller states", async () => {
    const values = valuesOf(
      await certManager({
        ingressController: IngressControllerKind.IngressNginx,
        replicas: 1,
        resources: { requests: { cpu: "1" }, limits: { cpu: "2" } },
        placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "a", operator: "Exists" }] },
        priorityClassName: "serving",
        serviceAccountAnnotations: { "eks.amazonaws.com/role-arn": "arn" },
        serviceMonitors: true,
      }),
    );
    assert.deepEqual(dig(values, "config.featureGates"), { ACMEHTTP01IngressPathTypeExact: false });
    assert.equal(dig(values, "global.priorityClassName"), "serving");
    assert.deepEqual(dig(values, "serviceAccount.annotations"), { "eks.amazonaws.com/role-arn": "arn" });
    assert.equal(dig(values, "prometheus.servicemonitor.enabled"), true);
    for (const part of DEPLOYMENTS) {
      assert.deepEqual(dig(values, `${part}podDisruptionBudget`), { enabled: false });
      assert.deepEqual(dig(values, `${part}resources`), { requests: { cpu: "1" }, limits: { cpu: "2" } });
      assert.equal(dig(values, `${part}nodeSelector.pool`), "system");
      assert.deepEqual(dig(values, `${part}tolerations`), [{ key: "a", operator: "Exists" }]);
    }
  });

  it("refuses a number of pods that cannot be", async () => {
    assert.equal(
      await failureOf(() => new CertManager("certs", { ...MINIMAL, replicas: -1 }, explicitProviders())),
      'CertManager "certs" cannot be built from these arguments:\n' +
        "  replicas: must be a whole number of at least 1 (got -1). Set 2 so that one pod can be replaced while the other works.",
    );
  });

  it("waits for identity, policies and monitors, and offers its own gate", async () => {
    const gates = ["identity", "policies", "monitors"];
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const [identityReady, policiesReady, monitorCrdsReady] = gates.map((key) => ready([new aws.sqs.Queue(key)]));
      const made = new CertManager("certs", { ...MINIMAL, identityReady, policiesReady, monitorCrdsReady }, opts);
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    for (const gate of gates) assert.ok(graph.waitsFor(graph.one(RELEASE), graph.one(QUEUE, gate)), gate);
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), graph.one(RELEASE)));
    assert.match(graph.one(RELEASE).provider, /::kubernetes::/);
  });

  it("plans with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        new CertManager("one", MINIMAL, opts);
        new CertManager("two", MINIMAL, opts);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "one-release")), []);
    assert.equal(graph.ofType(RELEASE).length, 2);
  });
});
