import assert from "node:assert/strict";
import {
  PodSecurity,
  WorkloadNamespace,
  type WorkloadNamespaceArgs,
} from "../../../components/foundation/workload-namespace";
import { type Flow, podIdentityFlow } from "../../../components/internal/network-flows";
import { failureOf, graphOf } from "../../support/graph";
import { allows, policiesOf } from "../../support/network-policy";
import { explicitProviders } from "../../support/providers";

const WEB = { namespace: "apps", labels: { app: "web" } };
const STORE = { namespace: "stores", labels: { app: "store" } };
const FLOWS: Flow[] = [
  { name: "web-store", from: { pods: WEB }, to: { pods: STORE }, ports: [{ port: 8123 }] },
  {
    name: "web-internet",
    from: { pods: WEB },
    to: { addresses: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] } },
    ports: [{ port: 443 }],
  },
  podIdentityFlow("apps", { app: "web" }),
];
const namespaces = (...args: WorkloadNamespaceArgs[]) =>
  graphOf(() => {
    const options = explicitProviders();
    for (const each of args) new WorkloadNamespace(each.namespace, each, options);
  });
const both = () => namespaces({ namespace: "apps", flows: FLOWS }, { namespace: "stores", flows: FLOWS });

describe("WorkloadNamespace", () => {
  it("enforces restricted and denies every connection but name resolution by default", async () => {
    const graph = await namespaces({ namespace: "apps" });
    const metadata = graph.one("kubernetes:core/v1:Namespace").inputs.metadata as { labels: Record<string, string> };
    assert.equal(metadata.labels["pod-security.kubernetes.io/enforce"], "restricted");
    const policies = policiesOf(graph.resources);
    const dns = { namespace: "kube-system", labels: { "k8s-app": "kube-dns" } };
    assert.ok(allows(policies, WEB, dns, 53, "UDP"));
    assert.ok(!allows(policies, WEB, dns, 80));
    assert.ok(!allows(policies, WEB, { address: "1.1.1.1" }, 53, "UDP"));
    assert.ok(!allows(policies, { namespace: "other" }, WEB, 3000));
  });

  it("allows exactly what the flows declare", async () => {
    const policies = policiesOf((await both()).resources);
    assert.ok(allows(policies, WEB, STORE, 8123));
    assert.ok(!allows(policies, WEB, STORE, 9000), "another port");
    assert.ok(!allows(policies, STORE, WEB, 8123), "the other direction");
    assert.ok(!allows(policies, { namespace: "apps", labels: { app: "other" } }, STORE, 8123), "another pod");
    assert.ok(!allows(policies, { namespace: "elsewhere", labels: { app: "web" } }, STORE, 8123), "another namespace");
    assert.ok(allows(policies, WEB, { address: "52.1.2.3" }, 443));
    assert.ok(!allows(policies, WEB, { address: "169.254.169.254" }, 443), "the instance metadata");
    assert.ok(allows(policies, WEB, { address: "169.254.170.23" }, 80), "the pod identity agent");
  });

  it("notices a missing end: without the store's side nothing gets in", async () => {
    const graph = await namespaces({ namespace: "apps", flows: FLOWS }, { namespace: "stores" });
    assert.ok(!allows(policiesOf(graph.resources), WEB, STORE, 8123));
  });

  it("waits for nothing but the provider, and its gates carry its own objects", async () => {
    const graph = await both();
    for (const namespace of graph.ofType("kubernetes:core/v1:Namespace")) {
      assert.deepEqual(
        graph.dependenciesOf(namespace).map((each) => each.type),
        ["pulumi:providers:kubernetes"],
      );
    }
    const policy = graph.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "apps-default-deny");
    assert.ok(graph.waitsFor(policy, graph.one("kubernetes:core/v1:Namespace", "apps-namespace")));
  });

  it("knows its name before anything exists", async () => {
    const graph = await graphOf(() => new WorkloadNamespace("apps", { namespace: "apps" }, explicitProviders()), {
      outputs: "unknown",
    });
    assert.equal(graph.component("WorkloadNamespace").outputs?.namespaceName, "apps");
  });

  it("says everything that is wrong at once", async () => {
    const message = await failureOf(
      () =>
        new WorkloadNamespace("apps", {
          namespace: "Apps",
          podSecurity: PodSecurity.Privileged,
          flows: [{ name: "x", from: { anyPod: true }, to: { pods: WEB }, ports: [] }],
        }),
    );
    assert.deepEqual(message.split("\n").slice(1), [
      "  namespace: must be a DNS label: lower-case letters, digits and dashes, at most 63 characters (got Apps). Choose another name.",
      "  podSecurityReason: must say why the namespace is looser than restricted (got privileged). Add the reason, or leave podSecurity out.",
      "  flows.x.ports: a flow names at least one port; an empty list would allow every port. List the container ports.",
    ]);
  });
});
