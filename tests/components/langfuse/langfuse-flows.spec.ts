import assert from "node:assert/strict";
import { WorkloadNamespace } from "../../../components/foundation/workload-namespace";
import type { FlowPeer } from "../../../components/internal/network-flows";
import { type LangfuseFlowEnds, langfuseFlows } from "../../../components/langfuse/langfuse-flows";
import { chartPodLabels, jobPodLabels, LangfuseJobRole } from "../../../components/langfuse/langfuse-names";
import { graphOf } from "../../support/graph";
import { allows, type End, policiesOf } from "../../support/network-policy";
import { explicitProviders } from "../../support/providers";

const CLICKHOUSE: End = { namespace: "langfuse-data", labels: { app: "clickhouse" } };
const CONTROLLER: End = { namespace: "ingress", labels: { app: "traefik" } };
const KEDA: End = { namespace: "keda", labels: { app: "keda-operator" } };
const STORES: End = { address: "10.20.200.7" };
const WORLD: End = { address: "52.1.2.3" };
const SOLVER: End = { namespace: "langfuse", labels: { "acme.cert-manager.io/http01-solver": "true" } };
const web: End = { namespace: "langfuse", labels: chartPodLabels("langfuse", "web") };
const worker: End = { namespace: "langfuse", labels: chartPodLabels("langfuse", "worker") };
const job = (role: LangfuseJobRole): End => ({ namespace: "langfuse", labels: jobPodLabels("langfuse", role) });
const migrations = job(LangfuseJobRole.Migrations);
const roles = job(LangfuseJobRole.Roles);
const smoke = job(LangfuseJobRole.Smoke);

const pods = (end: End): FlowPeer => ({ pods: { namespace: end.namespace ?? "", labels: end.labels ?? {} } });
const stores: FlowPeer = { addresses: { cidrs: ["10.20.200.0/24"] } };
const ENDS: LangfuseFlowEnds = {
  namespace: "langfuse",
  postgres: stores,
  redis: stores,
  clickhouse: pods(CLICKHOUSE),
  ingressController: pods(CONTROLLER),
  autoscaler: pods(KEDA),
};

async function policies(ends: LangfuseFlowEnds) {
  const flows = langfuseFlows(ends);
  const graph = await graphOf(() => {
    const options = explicitProviders();
    for (const namespace of ["langfuse", "langfuse-data", "ingress", "keda"]) {
      new WorkloadNamespace(namespace, { namespace, flows }, options);
    }
  });
  return policiesOf(graph.resources);
}

describe("langfuseFlows", () => {
  it("open what each pod needs, and nothing else", async () => {
    const wanted: [End, End, number][] = [
      [web, STORES, 5432],
      [worker, STORES, 5432],
      [migrations, STORES, 5432],
      [roles, STORES, 5432],
      [web, STORES, 6379],
      [worker, STORES, 6379],
      [KEDA, STORES, 6379],
      [web, CLICKHOUSE, 8123],
      [worker, CLICKHOUSE, 8123],
      [smoke, CLICKHOUSE, 8123],
      [migrations, CLICKHOUSE, 9000],
      [smoke, web, 3000],
      [CONTROLLER, web, 3000],
      [web, WORLD, 443],
      [worker, WORLD, 443],
      [web, STORES, 443],
      [worker, STORES, 443],
    ];
    const found = await policies(ENDS);
    const ends = [web, worker, migrations, roles, smoke, CONTROLLER, KEDA, CLICKHOUSE];
    for (const from of ends) {
      for (const to of [...ends, STORES, WORLD]) {
        for (const port of [443, 3000, 3030, 5432, 6379, 8123, 9000, 8089]) {
          const expected = wanted.some(([a, b, c]) => a === from && b === to && c === port);
          assert.equal(allows(found, from, to, port), expected, JSON.stringify({ from, to, port }));
        }
      }
    }
  });

  it("never open the node's metadata", async () => {
    assert.ok(!allows(await policies(ENDS), web, { address: "169.254.169.254" }, 443));
  });

  it("let the controller reach the solver of HTTP challenges only when asked to", async () => {
    assert.ok(!allows(await policies(ENDS), CONTROLLER, SOLVER, 8089));
    assert.ok(allows(await policies({ ...ENDS, http01Solver: true }), CONTROLLER, SOLVER, 8089));
  });

  it("follow the ports and the mail server that they are given", async () => {
    const found = await policies({
      ...ENDS,
      postgresPort: 6432,
      redisPort: 6380,
      clickhouseHttpPort: 8443,
      clickhouseNativePort: 9440,
      smtp: { addresses: { cidrs: ["192.0.2.0/24"] } },
      smtpPort: 465,
    });
    assert.ok(allows(found, roles, STORES, 6432) && !allows(found, roles, STORES, 5432));
    assert.ok(allows(found, KEDA, STORES, 6380));
    assert.ok(allows(found, smoke, CLICKHOUSE, 8443));
    assert.ok(allows(found, migrations, CLICKHOUSE, 9440));
    assert.ok(allows(found, worker, { address: "192.0.2.1" }, 465));
  });

  it("have names that fit, and two releases never share one", () => {
    const names = [
      ...langfuseFlows({ ...ENDS, http01Solver: true }),
      ...langfuseFlows({ ...ENDS, releaseName: "second" }),
    ].map((flow) => flow.name);
    assert.deepEqual(names, [...new Set(names)]);
    const longest = langfuseFlows({ ...ENDS, releaseName: "l".repeat(28), http01Solver: true });
    for (const flow of longest) assert.ok(flow.name.length <= 50, flow.name);
  });
});
