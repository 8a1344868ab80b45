import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { ArgoApplications } from "../../../components/delivery/argo-applications";
import type { ArgoApplicationsArgs } from "../../../components/delivery/argo-applications-args";
import { DELIVERED_GROUPS } from "../../../components/delivery/argo-cd-kinds";
import { ready } from "../../../components/internal/gates";
import { failureOf, graphOf, plainPathsWith, revealed, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const PROJECT = "kubernetes:argoproj.io/v1alpha1:AppProject";
const APPLICATION = "kubernetes:argoproj.io/v1alpha1:Application";
const SET = "kubernetes:argoproj.io/v1alpha1:ApplicationSet";
const SECRET = "kubernetes:core/v1:Secret";
const BASE: ArgoApplicationsArgs = {
  namespace: "argocd",
  project: "production",
  destinationNamespace: "models",
  repository: { url: "https://github.com/acme/models.git", path: "environments/prod" },
  application: { name: "llm-production" },
  argoCdReady: "ready",
};
const REGIONS = {
  name: "llm",
  regions: [
    { region: "us-east-1", cluster: "in-cluster", replicas: 6 },
    { region: "us-west-2", cluster: "production-us-west-2", replicas: 4 },
    { region: "eu-west-1", cluster: "production-eu-west-1", replicas: 4 },
  ],
  scaledWorkloads: [
    { name: "llama-70b", kind: "ScaledObject" },
    { name: "mistral", kind: "Canary" },
    { name: "qwen-green", kind: "ScaledObject", fixed: true },
  ],
};

function decoded(data: unknown): Record<string, string> {
  const entries = Object.entries(revealed(data) as Record<string, string>);
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString()]));
}

const applications = (args: Partial<ArgoApplicationsArgs> = {}) =>
  graphOf(() => new ArgoApplications("applications", { ...BASE, ...args }, explicitProviders()));

describe("ArgoApplications", () => {
  it("limits what may come: one repository, one namespace, kinds of a model server, and none of the cluster", async () => {
    const { inputs } = (await applications()).one(PROJECT);
    const spec = inputs.spec as Record<string, unknown[]>;
    assert.deepEqual(inputs.metadata, { namespace: "argocd", name: "production" });
    assert.deepEqual(spec.sourceRepos, [BASE.repository.url]);
    assert.deepEqual(spec.destinations, [{ name: "in-cluster", namespace: "models" }]);
    assert.deepEqual(spec.clusterResourceWhitelist, []);
    const kinds = DELIVERED_GROUPS.flatMap(({ kinds }) => Object.keys(kinds));
    assert.deepEqual(
      spec.namespaceResourceWhitelist?.map((each) => (each as { kind: string }).kind),
      kinds,
    );
    assert.ok(!kinds.includes("Secret"));
  });

  it("keeps the cluster as git says, by the seed's numbers (L56)", async () => {
    const { inputs } = (await applications()).one(APPLICATION);
    assert.deepEqual((inputs.metadata as { finalizers: string[] }).finalizers, [
      "resources-finalizer.argocd.argoproj.io",
    ]);
    const spec = inputs.spec as Record<string, Record<string, unknown>>;
    assert.equal(spec.project, "production");
    assert.deepEqual(spec.source, {
      repoURL: BASE.repository.url,
      targetRevision: "main",
      path: "environments/prod",
    });
    assert.deepEqual(spec.destination, { name: "in-cluster", namespace: "models" });
    assert.deepEqual(spec.syncPolicy, {
      automated: { prune: true, selfHeal: true, allowEmpty: false },
      syncOptions: [
        "CreateNamespace=false",
        "PrunePropagationPolicy=foreground",
        "PruneLast=true",
        "ServerSideApply=true",
        "RespectIgnoreDifferences=true",
      ],
      retry: { limit: 5, backoff: { duration: "5s", factor: 2, maxDuration: "3m" } },
    });
    assert.equal(spec.revisionHistoryLimit, 10);
  });

  it("leaves the number of an autoscaled workload alone, and keeps that of every other", async () => {
    const autoscaledWorkloads = [
      { kind: "Deployment", name: "llama-70b" },
      { kind: "LeaderWorkerSet", name: "big" },
    ];
    const { inputs } = (await applications({ autoscaledWorkloads })).one(APPLICATION);
    const { ignoreDifferences } = inputs.spec as { ignoreDifferences: object[] };
    assert.deepEqual(ignoreDifferences.slice(0, 2), [
      { group: "apps", kind: "Deployment", name: "llama-70b", jsonPointers: ["/spec/replicas"] },
      { group: "leaderworkerset.x-k8s.io", kind: "LeaderWorkerSet", name: "big", jsonPointers: ["/spec/replicas"] },
    ]);
    assert.deepEqual(ignoreDifferences.slice(2), [
      {
        group: "keda.sh",
        kind: "ScaledObject",
        jsonPointers: ["/metadata/annotations/autoscaling.keda.sh~1paused-replicas"],
      },
      { kind: "Service", managedFieldsManagers: ["flagger"] },
    ]);
  });

  it("gives each region its own replicas (L57)", async () => {
    const graph = await applications({ application: undefined, regions: REGIONS });
    assert.equal(graph.ofType(APPLICATION).length, 0);
    const { inputs } = graph.one(SET);
    const spec = inputs.spec as Record<string, unknown>;
    assert.equal(spec.goTemplate, true);
    assert.deepEqual(spec.goTemplateOptions, ["missingkey=error"]);
    assert.deepEqual(spec.generators, [
      {
        list: {
          elements: [
            { region: "us-east-1", cluster: "in-cluster", replicas: "6" },
            { region: "us-west-2", cluster: "production-us-west-2", replicas: "4" },
            { region: "eu-west-1", cluster: "production-eu-west-1", replicas: "4" },
          ],
        },
      },
    ]);
    const template = spec.template as { metadata: Record<string, unknown>; spec: Record<string, unknown> };
    assert.equal(template.metadata.name, "llm-{{.region}}");
    assert.deepEqual(template.spec.destination, { name: "{{.cluster}}", namespace: "models" });
    const { patches } = (template.spec.source as { kustomize: { patches: unknown[] } }).kustomize;
    const patch = (path: string) => `- op: add\n  path: ${path}\n  value: {{.replicas}}\n`;
    assert.deepEqual(patches, [
      { target: { kind: "ScaledObject", name: "llama-70b" }, patch: patch("/spec/minReplicaCount") },
      {
        target: { kind: "Canary", name: "mistral" },
        patch: patch("/spec/autoscalerRef/primaryScalerReplicas/minReplicas"),
      },
      {
        target: { kind: "ScaledObject", name: "qwen-green" },
        patch: patch("/spec/minReplicaCount") + patch("/spec/maxReplicaCount"),
      },
    ]);
    const destinations = (graph.one(PROJECT).inputs.spec as { destinations: { name: string }[] }).destinations;
    assert.deepEqual(
      destinations.map(({ name }) => name),
      ["in-cluster", "production-us-west-2", "production-eu-west-1"],
    );
  });

  it("signs in by a Secret, and shows what is in it nowhere", async () => {
    const graph = await applications({
      repository: { ...BASE.repository, credentials: { secretName: "models-repository", password: "hunter2" } },
    });
    const secret = graph.one(SECRET);
    assert.deepEqual((secret.inputs.metadata as { labels: object }).labels, {
      "argocd.argoproj.io/secret-type": "repository",
    });
    assert.deepEqual(secretPaths(secret), ["data", "stringData"]);
    assert.deepEqual(revealed(secret.inputs.stringData), { username: "git", password: "hunter2" });
    assert.deepEqual(decoded(secret.inputs.data), { type: "git", url: BASE.repository.url });
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, "hunter2"), []);
    const byKey = await applications({
      repository: {
        url: "git@github.com:acme/models.git",
        path: "environments/prod",
        credentials: { secretName: "models-repository", sshPrivateKey: pulumi.secret("key") },
      },
    });
    assert.deepEqual(revealed(byKey.one(SECRET).inputs.stringData), { sshPrivateKey: "key" });
    assert.equal(decoded(byKey.one(SECRET).inputs.data).url, "git@github.com:acme/models.git");
  });

  it("comes after Argo CD, its project and what Pulumi keeps, and so goes before them", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      new ArgoApplications(
        "applications",
        { ...BASE, argoCdReady: gate("argocd"), prerequisitesReady: gate("secrets") },
        explicitProviders(),
      );
    });
    const application = graph.one(APPLICATION);
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    for (const earlier of [id("argocd"), id("secrets"), graph.one(PROJECT)]) {
      assert.ok(graph.waitsFor(application, earlier), earlier.name);
    }
    assert.ok(graph.waitsFor(graph.one(PROJECT), id("argocd")));
  });

  it("refuses what cannot work, all at once", async () => {
    assert.equal(
      await failureOf(
        () =>
          new ArgoApplications("applications", {
            ...BASE,
            project: "Production",
            autoscaledWorkloads: [{ kind: "ScaledObject", name: "x" }],
            repository: {
              url: "http://github.com/acme/models",
              path: "../prod",
              credentials: { secretName: "s", password: "a", sshPrivateKey: "b" },
            },
            regions: {
              name: "llm",
              regions: [
                { region: "a", cluster: "one", replicas: 1 },
                { region: "a", cluster: "one", replicas: -1 },
              ],
              scaledWorkloads: [{ name: "x", kind: "DaemonSet" }],
            },
          }),
      ),
      [
        'ArgoApplications "applications" cannot be built from these arguments:',
        "  application, regions: exactly one of application, regions must be given (got application and regions). Keep one of application, regions.",
        "  project: must be a DNS label (got Production). Use lower-case letters, digits and dashes.",
        "  repository.url: must be a URL of git over HTTPS or SSH (got http://github.com/acme/models). Write it like https://github.com/acme/models.git.",
        "  repository.path: must be a folder inside the repository (got ../prod). Write it like environments/prod.",
        "  repository.credentials: exactly one of password, sshPrivateKey must be given (got password and sshPrivateKey). Keep one of password, sshPrivateKey.",
        "  autoscaledWorkloads[0].kind: must be one of Deployment, StatefulSet, LeaderWorkerSet (got ScaledObject). Choose one of them.",
        "  regions.regions[1].region: must not name a region twice (got a). Give each region once.",
        "  regions.regions[1].cluster: must not name a cluster twice: two Applications would own the same objects (got one). Give each cluster once.",
        "  regions.regions[1].replicas: must be a whole number of at least 0 (got -1). Write the number of replicas.",
        "  regions.scaledWorkloads[0].kind: must be one of ScaledObject, Canary, Deployment, StatefulSet, LeaderWorkerSet (got DaemonSet). Choose one of them.",
      ].join("\n"),
    );
    assert.match(
      await failureOf(
        () =>
          new ArgoApplications("applications", {
            ...BASE,
            repository: { ...BASE.repository, credentials: { secretName: "s", sshPrivateKey: "k" } },
          }),
      ),
      /sshPrivateKey: serves nothing with a URL of https/,
    );
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new ArgoApplications("one", BASE, options);
        new ArgoApplications("two", { ...BASE, application: undefined, regions: REGIONS }, options);
      },
      { outputs: "unknown" },
    );
    for (const type of [PROJECT, APPLICATION, SET]) {
      for (const resource of graph.ofType(type)) assert.deepEqual(unknownPaths(resource), []);
    }
  });
});
