import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { after as behind, ready } from "../../../components/internal/gates";
import { IMAGES } from "../../../components/internal/images";
import { ModelRouter } from "../../../components/llm/model-router";
import { type ModelRouterArgs, ModelRouting } from "../../../components/llm/model-router-args";
import { routerArguments } from "../../../components/llm/model-router-manifests";
import { restrictedViolations } from "../../../rehearsal/checks/pod-security";
import { failureOf, type Graph, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { at } from "./at";

const MINIMAL: ModelRouterArgs = {
  namespace: "models",
  servers: ["qwen", "llama-70b"],
  apiKeySecretName: "llama-70b-api-key",
};
const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const SERVICE = "kubernetes:core/v1:Service";
const BUDGET = "kubernetes:policy/v1:PodDisruptionBudget";
const QUEUE = "aws:sqs/queue:Queue";
const router = (args: Partial<ModelRouterArgs> = {}) =>
  graphOf(() => new ModelRouter("router", { ...MINIMAL, ...args }, explicitProviders()));
const container = (graph: Graph) => at(graph.one(DEPLOYMENT).inputs, "spec.template.spec.containers[0]");

describe("ModelRouter", () => {
  it("chooses among the pods of its servers by the beginning of the prompt", async () => {
    const args = at(container(await router()), "args") as string[];
    const options = Object.fromEntries(
      args.flatMap((flag, index) => (flag.startsWith("--") ? [[flag.slice(2), args[index + 1]]] : [])),
    );
    assert.deepEqual(options, {
      host: "0.0.0.0",
      port: "8000",
      "service-discovery": "k8s",
      "k8s-service-discovery-type": "pod-ip",
      "k8s-namespace": "$(POD_NAMESPACE)",
      "k8s-port": "8000",
      "k8s-label-selector": "llm-platform/model-server in (llama-70b,qwen)",
      "routing-logic": "prefixaware",
      "max-instance-failover-reroute-attempts": "1",
      "log-format": "json",
    });
    const session = routerArguments({ servers: ["a"], routing: ModelRouting.Session, sessionHeader: "x-user" });
    assert.deepEqual(session.slice(session.indexOf("--routing-logic"), session.indexOf("--session-key") + 2), [
      "--routing-logic",
      "session",
      "--session-key",
      "x-user",
    ]);
    assert.ok(routerArguments({ servers: ["a"], routing: ModelRouting.RoundRobin }).includes("roundrobin"));
  });

  it("asks servers for their models by the key that they share, which no value holds", async () => {
    const env = at(container(await router()), "env") as Record<string, unknown>[];
    assert.deepEqual(env[0], {
      name: "VLLM_API_KEY",
      valueFrom: { secretKeyRef: { name: "llama-70b-api-key", key: "api-key" } },
    });
  });

  it("reads pods of its namespace, and nothing else", async () => {
    const graph = await router();
    const role = graph.one("kubernetes:rbac.authorization.k8s.io/v1:Role");
    assert.deepEqual(role.inputs.rules, [{ apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] }]);
    const binding = graph.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding");
    assert.deepEqual(binding.inputs.subjects, [{ kind: "ServiceAccount", name: "model-router", namespace: "models" }]);
    assert.equal(graph.one("kubernetes:core/v1:ServiceAccount").inputs.automountServiceAccountToken, false);
    assert.equal(graph.resources.filter(({ type }) => /ClusterRole/.test(type)).length, 0);
  });

  it("L28: is pinned, restricted, doubled, spread, probed and kept by a budget", async () => {
    const graph = await router();
    const pod = at(graph.one(DEPLOYMENT).inputs, "spec.template.spec");
    assert.deepEqual(restrictedViolations(pod as Record<string, unknown>), []);
    assert.equal(at(pod, "containers[0].securityContext.readOnlyRootFilesystem"), true);
    assert.match(
      String(at(pod, "containers[0].image")),
      /^ghcr\.io\/vllm-project\/production-stack\/router:[0-9a-f]{40}$/,
    );
    assert.match(IMAGES.modelRouter.tag, /^[0-9a-f]{40}$/);
    assert.equal(at(graph.one(DEPLOYMENT).inputs, "spec.replicas"), 2);
    for (const probe of ["startupProbe", "readinessProbe", "livenessProbe"]) {
      assert.deepEqual(at(pod, `containers[0].${probe}.httpGet`), { path: "/health", port: "http" });
    }
    assert.deepEqual(at(graph.one(BUDGET).inputs, "spec"), {
      maxUnavailable: 1,
      selector: { matchLabels: { app: "model-router" } },
    });
    assert.equal((await router({ replicas: 1 })).ofType(BUDGET).length, 0);
    const { spec } = graph.one(SERVICE).inputs as { spec: Record<string, unknown> };
    assert.deepEqual(
      [spec.type, spec.selector, spec.ports],
      ["ClusterIP", { app: "model-router" }, [{ name: "http", port: 8000, targetPort: 8000 }]],
    );
  });

  it("keeps the drain contract: a leaving pod has time for the longest answer", async () => {
    for (const seconds of [30, 600, 3500]) {
      const pod = at((await router({ requestTimeoutSeconds: seconds })).one(DEPLOYMENT).inputs, "spec.template.spec");
      const sleep = Number(at(pod, "containers[0].lifecycle.preStop.sleep.seconds"));
      assert.ok(sleep >= 15 && Number(at(pod, "terminationGracePeriodSeconds")) > sleep + seconds);
    }
  });

  it("takes everything that the caller states", async () => {
    const graph = await router({
      replicas: 3,
      resources: { requests: { cpu: "3" }, limits: { cpu: "4" } },
      placement: { nodeSelector: { pool: "cpu" }, tolerations: [{ key: "a", operator: "Exists" }] },
      priorityClassName: "serving",
      mirrors: { images: "mirror.example.internal/hub" },
    });
    const spec = at(graph.one(DEPLOYMENT).inputs, "spec");
    assert.deepEqual(
      [at(spec, "replicas"), at(spec, "template.spec.nodeSelector"), at(spec, "template.spec.priorityClassName")],
      [3, { pool: "cpu" }, "serving"],
    );
    assert.deepEqual(at(spec, "template.spec.tolerations"), [{ key: "a", operator: "Exists" }]);
    assert.deepEqual(at(container(graph), "resources"), { requests: { cpu: "3" }, limits: { cpu: "4" } });
    assert.match(String(at(container(graph), "image")), /^mirror\.example\.internal\/hub\/ghcr\.io\//);
  });

  it("waits for its rights, policies and key, and offers its own gate", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const gates = { policies: new aws.sqs.Queue("policies"), secrets: new aws.sqs.Queue("secrets") };
      const made = new ModelRouter(
        "router",
        { ...MINIMAL, policiesReady: ready([gates.policies]), secretsReady: ready([gates.secrets]) },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
      new aws.sqs.Queue("route", { tags: { service: made.serviceName } });
    });
    const deployment = graph.one(DEPLOYMENT);
    for (const earlier of [
      graph.one(QUEUE, "policies"),
      graph.one(QUEUE, "secrets"),
      graph.one("kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"),
    ])
      assert.ok(graph.waitsFor(deployment, earlier), earlier.name);
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), deployment));
    // A route needs the Service alone: pods come when they come.
    assert.ok(!graph.waitsFor(graph.one(QUEUE, "route"), deployment));
    assert.match(deployment.provider, /::kubernetes::/);
  });

  it("refuses what cannot work, all at once", async () => {
    const message = await failureOf(
      () =>
        new ModelRouter(
          "router",
          { ...MINIMAL, servers: [], replicas: 0, sessionHeader: "X-User" },
          explicitProviders(),
        ),
    );
    assert.equal(
      message,
      'ModelRouter "router" cannot be built from these arguments:\n' +
        "  servers: must name at least one model server, each by a DNS label (got []). List the servers.\n" +
        "  replicas: must be a whole number of at least 1 (got 0). Use 2.\n" +
        "  sessionHeader: means nothing without routing session (got X-User). Leave it out, or choose session.\n" +
        "  sessionHeader: must be the name of a header in lower case (got X-User). Write it like x-session-id.",
    );
  });
});
