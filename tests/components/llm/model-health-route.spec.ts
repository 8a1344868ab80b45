import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { IngressControllerKind, ingressClassNameOf } from "../../../components/edge/ingress-contract";
import { ready } from "../../../components/internal/gates";
import { ModelHealthRoute, type ModelHealthRouteArgs } from "../../../components/llm/model-health-route";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: ModelHealthRouteArgs = {
  namespace: "models",
  server: "llama",
  serviceName: "llama",
  host: "us-east-1.api.example.com",
  traefik: { controllerReady: "ready" },
};
const ALB = {
  context: {
    subnetIds: ["subnet-a", "subnet-b"],
    groupName: "models",
    allowedCidrs: ["0.0.0.0/0"],
    idleTimeoutSeconds: 600,
    certificateArn: "arn:aws:acm:us-east-1:111111111111:certificate/1",
  },
  controllerReady: "ready",
};
const ROUTE = "kubernetes:traefik.io/v1alpha1:IngressRoute";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";
const route = (args: Partial<ModelHealthRouteArgs> = {}) =>
  graphOf(() => new ModelHealthRoute("health", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<ModelHealthRouteArgs>) =>
  failureOf(() => new ModelHealthRoute("health", { ...MINIMAL, ...args }));
const HEAD = 'ModelHealthRoute "health" cannot be built from these arguments:\n  ';

describe("ModelHealthRoute (L01, L31)", () => {
  it("leads one path of one host to the server, over TLS alone", async () => {
    const { inputs, provider } = (await route()).one(ROUTE);
    assert.deepEqual(inputs.metadata, { name: "llama-health", namespace: "models" });
    assert.deepEqual(inputs.spec, {
      ingressClassName: ingressClassNameOf(IngressControllerKind.Traefik),
      entryPoints: ["websecure"],
      routes: [
        {
          kind: "Rule",
          match: "Host(`us-east-1.api.example.com`) && Path(`/health`) && Method(`GET`)",
          services: [{ kind: "Service", name: "llama", port: 8000 }],
        },
      ],
      tls: {},
    });
    assert.match(provider, /::kubernetes::/);
  });

  it("joins the group of an Application Load Balancer and agrees with it", async () => {
    const graph = await route({ traefik: undefined, alb: ALB });
    const { inputs } = graph.one(INGRESS);
    const { annotations, name } = inputs.metadata as { annotations: Record<string, string>; name: string };
    assert.equal(name, "llama-health");
    assert.equal(annotations["alb.ingress.kubernetes.io/group.name"], "models");
    assert.equal(annotations["alb.ingress.kubernetes.io/healthcheck-path"], "/health");
    assert.match(
      String(annotations["alb.ingress.kubernetes.io/load-balancer-attributes"]),
      /idle_timeout\.timeout_seconds=600/,
    );
    assert.deepEqual(inputs.spec, {
      ingressClassName: "alb",
      rules: [
        {
          host: "us-east-1.api.example.com",
          http: {
            paths: [
              {
                path: "/health",
                pathType: "Exact",
                backend: { service: { name: "llama", port: { number: 8000 } } },
              },
            ],
          },
        },
      ],
    });
    assert.equal(graph.ofType(ROUTE).length, 0);
  });

  it("waits for its controller and tells what to ask", async () => {
    for (const [kind, type] of [
      ["traefik", ROUTE],
      ["alb", INGRESS],
    ] as const) {
      const graph = await graphOf(() => {
        const controllerReady = ready([new aws.sqs.Queue("controller")]);
        const args = { ...MINIMAL, traefik: undefined, [kind]: { ...ALB, controllerReady } };
        const { url, ready: gate } = new ModelHealthRoute("health", args, explicitProviders());
        return [url, gate];
      });
      assert.ok(graph.waitsFor(graph.one(type), graph.one("aws:sqs/queue:Queue")), kind);
      assert.deepEqual(graph.result, ["https://us-east-1.api.example.com/health", "ready"]);
    }
  });

  for (const [what, args, message] of [
    [
      "no controller",
      { traefik: undefined },
      "args: exactly one of traefik, alb must be given (got none). Add traefik or alb.",
    ],
    [
      "a URL",
      { host: "https://api.example.com" },
      "host: must be a lower-case host name without scheme or port (got https://api.example.com). Write it like us-east-1.api.example.com.",
    ],
    [
      "a server that has no such name",
      { server: "Llama" },
      "server: must be a DNS label of at most 40 characters (got Llama). Take the model server's name.",
    ],
  ] as [string, Partial<ModelHealthRouteArgs>, string][]) {
    it(`refuses ${what}`, async () => assert.equal(await refused(args), HEAD + message));
  }
});
