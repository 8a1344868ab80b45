import assert from "node:assert/strict";
import { type ModelFlowEnds, modelFlows } from "../../../components/llm/model-flows";
import { modelPodLabels } from "../../../components/llm/model-names";
import { ROUTER_LABELS } from "../../../components/llm/model-router-manifests";

const MINIMAL: ModelFlowEnds = { namespace: "models", callers: {}, podIdentity: false };
const anyone = { pods: { namespace: "ingress" } };
const names = (ends: Partial<ModelFlowEnds> = {}) => modelFlows({ ...MINIMAL, ...ends }).map(({ name }) => name);
const selects = (wanted: Record<string, string> | undefined, labels: Record<string, string>) =>
  Object.entries(wanted ?? {}).every(([key, value]) => labels[key] === value);

describe("flows of models", () => {
  it("L49: select the labels that pods of servers and of the router really have", () => {
    const flows = modelFlows({ ...MINIMAL, callers: { ingress: anyone }, routerCallers: { ingress: anyone } });
    const to = (name: string) => flows.find((flow) => flow.name === name)?.to.pods;
    assert.ok(selects(to("ingress-models")?.labels, modelPodLabels("llama-70b")));
    assert.ok(!selects(to("ingress-models")?.labels, ROUTER_LABELS));
    assert.ok(selects(to("ingress-router")?.labels, ROUTER_LABELS));
    assert.ok(!selects(to("ingress-router")?.labels, modelPodLabels("llama-70b")));
  });

  it("L50: lead to port 8000 alone", () => {
    const flows = modelFlows({ ...MINIMAL, callers: { ingress: anyone }, monitoring: anyone });
    for (const name of ["ingress-models", "monitoring-models"]) {
      assert.deepEqual(flows.find((flow) => flow.name === name)?.ports, [{ port: 8000 }]);
    }
  });

  it("L51: let servers and import Jobs reach buckets, but never the node's metadata", () => {
    const flows = modelFlows(MINIMAL);
    assert.deepEqual(
      flows.map(({ name, to, ports }) => [name, to.addresses?.except, ports]),
      [
        ["models-https", ["169.254.0.0/16"], [{ port: 443 }]],
        ["imports-https", ["169.254.0.0/16"], [{ port: 443 }]],
      ],
    );
  });

  it("hold only what is asked for", () => {
    assert.deepEqual(names(), ["models-https", "imports-https"]);
    assert.deepEqual(names({ podIdentity: true }).slice(2), [
      "models-servers-pod-identity",
      "models-imports-pod-identity",
    ]);
    assert.deepEqual(names({ traces: { collector: { to: anyone, port: 4317 } } }).slice(2), ["traces-collector"]);
    assert.deepEqual(names({ counter: { from: anyone, to: anyone, port: 6379 } }).slice(2), ["ingress-counter"]);
    assert.deepEqual(names({ http01Caller: anyone }).slice(2), ["ingress-models-solver"]);
    assert.deepEqual(names({ routerCallers: { ingress: anyone }, apiServer: anyone, monitoring: anyone }), [
      "ingress-router",
      "router-models",
      "router-api-server",
      "monitoring-router",
      "monitoring-models",
      "models-https",
      "imports-https",
    ]);
  });

  it("let the pods of a group speak among themselves, each server's alone", () => {
    const [flow] = modelFlows({ ...MINIMAL, multiNodeServers: ["llama-405b"] });
    assert.deepEqual(flow, {
      name: "group-llama-405b",
      from: { pods: { namespace: "models", labels: { "llm-platform/model-server": "llama-405b" } } },
      to: { pods: { namespace: "models", labels: { "llm-platform/model-server": "llama-405b" } } },
      ports: [{ port: 1024, through: 65535 }],
    });
  });
});
