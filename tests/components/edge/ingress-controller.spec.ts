import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { IngressControllerKind, ingressClassNameOf, ingressContract } from "../../../components/edge/ingress-contract";
import { IngressController, type IngressControllerArgs } from "../../../components/edge/ingress-controller";
import { after as behind, ready } from "../../../components/internal/gates";
import { failureOf, type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { dig } from "./dig";

const MINIMAL: IngressControllerArgs = { namespace: "ingress" };
const RELEASE = "kubernetes:helm.sh/v3:Release";
const CLASS = "kubernetes:networking.k8s.io/v1:IngressClass";
const QUEUE = "aws:sqs/queue:Queue";
const controller = (args: Partial<IngressControllerArgs> = {}) =>
  graphOf(() => new IngressController("ingress", { ...MINIMAL, ...args }, explicitProviders()));
const valuesOf = (graph: Graph) => graph.one(RELEASE).inputs.values;
const IN_CLUSTER = [IngressControllerKind.Traefik, IngressControllerKind.F5Nginx, IngressControllerKind.IngressNginx];
const refused = (args: Partial<IngressControllerArgs>) =>
  failureOf(() => new IngressController("ingress", { ...MINIMAL, ...args }, explicitProviders()));

describe("IngressController", () => {
  it("is Traefik by default, with a class of its own and a Service inside the cluster", async () => {
    const graph = await controller();
    const { inputs } = graph.one(RELEASE, "ingress-release");
    assert.deepEqual([inputs.chart, inputs.version, inputs.name], ["traefik", "41.3.0", "traefik"]);
    assert.deepEqual([inputs.namespace, inputs.skipCrds, inputs.waitForJobs], ["ingress", true, true]);
    const { inputs: ingressClass } = graph.one(CLASS, "ingress-class");
    assert.deepEqual(ingressClass.metadata, { name: "nginx" });
    assert.deepEqual(ingressClass.spec, { controller: "k8s.io/ingress-nginx" });
    assert.equal(dig(valuesOf(graph), "service.spec.type"), "ClusterIP");
    assert.deepEqual(graph.component("IngressController").outputs, {
      ingressClassName: "nginx",
      namespace: "ingress",
      serviceName: "traefik",
      httpPort: 8000,
      httpsPort: 8443,
      podLabels: { "app.kubernetes.io/name": "traefik", "app.kubernetes.io/instance": "traefik" },
      ready: "ready",
    });
  });

  it("reads Ingresses once, without snippets, dashboards or calls home", async () => {
    const values = valuesOf(await controller());
    assert.equal(dig(values, "providers.kubernetesIngressNGINX.enabled"), true);
    assert.equal(dig(values, "providers.kubernetesIngressNGINX.allowSnippetAnnotations"), false);
    assert.equal(dig(values, "providers.kubernetesIngressNGINX.disableSvcExternalName"), true);
    assert.deepEqual(dig(values, "providers.kubernetesIngress"), { enabled: false });
    assert.deepEqual(dig(values, "providers.kubernetesCRD"), { enabled: false });
    assert.deepEqual(dig(values, "ingressClass"), { enabled: false });
    assert.deepEqual(dig(values, "api"), { dashboard: false });
    assert.deepEqual(dig(values, "global"), { checkNewVersion: false, sendAnonymousUsage: false });
    assert.equal(dig(values, "deployment.replicas"), 3);
    assert.deepEqual(dig(values, "podDisruptionBudget"), { enabled: true, maxUnavailable: 1 });
    assert.equal(dig(values, "ports.websecure.transport.respondingTimeouts.readTimeout"), "300s");
    assert.equal(dig(values, "providers.kubernetesIngressNGINX.publishStatusAddress"), undefined);
    assert.equal(dig(values, "ports.web.proxyProtocol"), undefined);
    assert.equal(dig(values, "metrics.prometheus.serviceMonitor.enabled"), false);
  });

  it("serves Traefik's own routes where asked for, in those namespaces alone, and installs the kinds first", async () => {
    const graph = await controller({ routeNamespaces: ["models"] });
    const release = graph.one(RELEASE, "ingress-release");
    const kinds = graph.one(RELEASE, "ingress-kinds");
    assert.deepEqual(dig(release.inputs.values, "providers.kubernetesCRD"), {
      enabled: true,
      namespaces: ["models"],
      ingressClass: "nginx",
      allowCrossNamespace: false,
      allowExternalNameServices: false,
      allowEmptyServices: true,
    });
    assert.equal(dig(release.inputs.values, "metrics.prometheus.addRoutersLabels"), true);
    assert.deepEqual(
      [kinds.inputs.chart, kinds.inputs.version, kinds.inputs.name],
      ["traefik", "41.3.0", "traefik-kinds"],
    );
    // Helm brings definitions with an installation alone: so the kinds have one of their own, anew for each version.
    assert.deepEqual([release.inputs.skipCrds, kinds.inputs.skipCrds], [true, undefined]);
    assert.deepEqual(dig(kinds.inputs.values, "deployment"), { enabled: false });
    assert.deepEqual(kinds.options.replaceOnChanges, ["version"]);
    assert.ok(graph.waitsFor(release, kinds));
    assert.equal((await controller()).ofType(RELEASE).length, 1);
  });

  for (const kind of IN_CLUSTER) {
    it(`lets leaving pods of ${kind} finish what they have begun`, async () => {
      const text = JSON.stringify(
        valuesOf(await controller({ controller: kind, allowRetired: true, finishSeconds: 600 })),
      );
      assert.match(text, /"terminationGracePeriodSeconds":670/);
      assert.match(text, /"600s"/);
    });
  }

  it("listens under every controller where its contract says, Service and container alike", async () => {
    const traefik = valuesOf(await controller());
    assert.deepEqual([dig(traefik, "ports.web.port"), dig(traefik, "ports.web.exposedPort")], [8000, 8000]);
    assert.deepEqual([dig(traefik, "ports.websecure.port"), dig(traefik, "ports.websecure.exposedPort")], [8443, 8443]);
    const f5 = valuesOf(await controller({ controller: IngressControllerKind.F5Nginx }));
    assert.deepEqual(dig(f5, "controller.service.httpPort"), { port: 80, targetPort: 80 });
    assert.deepEqual(dig(f5, "controller.service.httpsPort"), { port: 443, targetPort: 443 });
    assert.equal(dig(f5, "controller.readyStatus.port"), ingressContract(IngressControllerKind.F5Nginx)?.healthPort);
    const nginx = valuesOf(await controller({ controller: IngressControllerKind.IngressNginx, allowRetired: true }));
    assert.deepEqual(dig(nginx, "controller.service.ports"), { http: 80, https: 443 });
  });

  for (const kind of IN_CLUSTER) {
    it(`gives ${kind} everything that the caller states`, async () => {
      const graph = await controller({
        controller: kind,
        allowRetired: true,
        replicas: 2,
        statusAddress: "nlb.example.internal",
        proxyProtocolFrom: ["10.0.0.0/20", "10.0.16.0/20"],
        uploadTimeoutSeconds: 77,
        resources: { requests: { cpu: "3" }, limits: { cpu: "4" } },
        placement: { nodeSelector: { pool: "system" }, tolerations: [{ key: "a", operator: "Exists" }] },
        priorityClassName: "serving",
        serviceMonitors: true,
        mirrors: { charts: "https://mirror.example.internal/charts", images: "mirror.example.internal/hub" },
      });
      const text = JSON.stringify(valuesOf(graph));
      assert.match(String(graph.one(RELEASE).inputs.chart), /^https:\/\/mirror\.example\.internal\/charts\/.+\.tgz$/);
      for (const expected of [
        "nlb.example.internal",
        "10.0.0.0/20",
        "10.0.16.0/20",
        '"requests":{"cpu":"3"}',
        '"limits":{"cpu":"4"}',
        '"pool":"system"',
        '"tolerations":[{"key":"a","operator":"Exists"}]',
        '"priorityClassName":"serving"',
        "77",
        "hub/",
      ]) {
        assert.ok(text.includes(expected), `${kind}: ${expected}`);
      }
      assert.match(text, /"serviceMonitor":\{"(enabled|create)":true\}/);
      assert.match(text, /"(replicas|replicaCount)":2/);
      const labels = ingressContract(kind)?.podLabels;
      const spreads = dig(
        valuesOf(graph),
        `${kind === "traefik" ? "" : "controller."}topologySpreadConstraints`,
      ) as unknown[];
      assert.deepEqual(
        spreads.map((spread) => dig(spread, "labelSelector.matchLabels")),
        [labels, labels],
      );
    });
  }

  it("keeps F5's pods within Pod Security restricted and their root file system closed", async () => {
    const values = dig(valuesOf(await controller({ controller: IngressControllerKind.F5Nginx })), "controller");
    assert.equal(dig(values, "readOnlyRootFilesystem"), true);
    assert.deepEqual(dig(values, "securityContext.capabilities"), { drop: ["ALL"], add: ["NET_BIND_SERVICE"] });
    assert.equal(dig(values, "securityContext.allowPrivilegeEscalation"), false);
    assert.deepEqual(dig(values, "initContainerSecurityContext.capabilities"), { drop: ["ALL"] });
    assert.equal(dig(values, "enableSnippets"), false);
    assert.deepEqual(dig(values, "telemetryReporting"), { enable: false });
    assert.deepEqual(dig(values, "reportIngressStatus"), { enable: false });
  });

  it("promises nothing about a single pod, so that its node can drain", async () => {
    assert.deepEqual(dig(valuesOf(await controller({ replicas: 1 })), "podDisruptionBudget"), { enabled: false });
  });

  it("makes nothing for alb and passes the gate of the controller on", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const lbc = new aws.sqs.Queue("lbc");
      const made = new IngressController(
        "ingress",
        { ...MINIMAL, controller: IngressControllerKind.Alb, loadBalancerControllerReady: ready([lbc]) },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    assert.deepEqual([graph.ofType(RELEASE), graph.ofType(CLASS)], [[], []]);
    assert.equal(graph.component("IngressController").outputs?.ingressClassName, "alb");
    assert.equal(graph.component("IngressController").outputs?.serviceName, "");
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), graph.one(QUEUE, "lbc")));
    assert.equal(ingressClassNameOf(IngressControllerKind.Alb), "alb");
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await refused({ controller: IngressControllerKind.IngressNginx, replicas: 1.5, uploadTimeoutSeconds: 0 }),
      'IngressController "ingress" cannot be built from these arguments:\n' +
        "  controller: ingress-nginx is retired and gets no security fixes since March 2026 (got ingress-nginx). " +
        "Use traefik, which reads the same annotations, or set allowRetired.\n" +
        "  replicas: must be a whole number of at least 1 (got 1.5). Set 3, one for each zone.\n" +
        "  uploadTimeoutSeconds: must be a whole number of seconds from 1 to 3600 (got 0). Leave it out for 300.",
    );
    assert.match(
      await refused({ controller: "haproxy" as IngressControllerKind }),
      /controller: must be one of traefik, f5-nginx, alb, ingress-nginx \(got haproxy\)/,
    );
    assert.match(
      await refused({ controller: IngressControllerKind.F5Nginx, routeNamespaces: ["models"], finishSeconds: 4000 }),
      /finishSeconds: must be a whole number of seconds from 1 to 3540 \(got 4000\).*\n.*routeNamespaces: means nothing to a controller other than traefik/,
    );
    assert.match(
      await refused({ controller: IngressControllerKind.Alb }),
      /loadBalancerControllerReady: alb is served by the AWS Load Balancer Controller and must wait for it/,
    );
  });

  it("waits for its class, policies and monitors, and offers its own gate", async () => {
    const graph = await graphOf(() => {
      const opts = explicitProviders();
      const policies = new aws.sqs.Queue("policies");
      const monitors = new aws.sqs.Queue("monitors");
      const made = new IngressController(
        "ingress",
        { ...MINIMAL, policiesReady: ready([policies]), monitorCrdsReady: ready([monitors]) },
        opts,
      );
      new aws.sqs.Queue("consumer", {}, { dependsOn: behind(made.ready) });
    });
    const release = graph.one(RELEASE);
    for (const earlier of [graph.one(CLASS), graph.one(QUEUE, "policies"), graph.one(QUEUE, "monitors")]) {
      assert.ok(graph.waitsFor(release, earlier), earlier.name);
    }
    assert.equal(graph.waitsFor(graph.one(CLASS), graph.one(QUEUE, "policies")), false);
    assert.ok(graph.waitsFor(graph.one(QUEUE, "consumer"), release));
    assert.match(release.provider, /::kubernetes::/);
    assert.match(graph.one(CLASS).provider, /::kubernetes::/);
    assert.deepEqual(graph.one(CLASS).options.replaceOnChanges, ["spec.controller"]);
  });

  it("plans with everything unknown, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const opts = explicitProviders();
        const entry = new aws.lb.LoadBalancer("nlb", { loadBalancerType: "network" });
        new IngressController("one", { ...MINIMAL, statusAddress: entry.dnsName }, opts);
        new IngressController("two", { ...MINIMAL, controller: IngressControllerKind.F5Nginx }, opts);
      },
      { outputs: "unknown" },
    );
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "one-release")), [
      "values.providers.kubernetesIngressNGINX.publishStatusAddress",
    ]);
    assert.deepEqual(unknownPaths(graph.one(RELEASE, "two-release")), []);
  });
});
