import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type * as pulumi from "@pulumi/pulumi";
import * as components from "../../../components";
import { ARGO_CD } from "../../../components/delivery/argo-cd-values";
import { FLAGGER } from "../../../components/delivery/flagger-values";
import { ApiError } from "../../../rehearsal/api/api";
import type { KubernetesObject } from "../../../rehearsal/api/objects";
import type { RestApi } from "../../../rehearsal/api/rest-api";
import { definitionsOf } from "../../../rehearsal/charts/chart-crds";
import { applyCrds, readCrds } from "../../../rehearsal/cluster/crds";
import { CUSTOM_KINDS } from "../../../rehearsal/cluster/custom-kinds";
import { startControlPlane } from "../../../rehearsal/cluster/start-control-plane";
import { installTools } from "../../../rehearsal/install/install-tools";
import { CANARY, PROMETHEUS, SERVER } from "../../components/delivery/delivery-fixtures";
import { graphOf, revealed } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const NAMESPACES = ["models", "argocd", "argo-rollouts", "flagger", "langfuse"];
const REGIONS = [
  { region: "us-east-1", cluster: "in-cluster", replicas: 6 },
  { region: "us-west-2", cluster: "production-us-west-2", replicas: 4 },
  { region: "eu-west-1", cluster: "production-eu-west-1", replicas: 4 },
];
const REPOSITORY = { url: "https://github.com/acme/models.git", path: "environments/prod" };

/** A control plane with the kinds of REHEARSAL_CRDS, if that is set; without, every kind takes everything. */
async function onPlane(action: (api: RestApi) => Promise<void>): Promise<void> {
  const tools = await installTools({ which: ["cluster"], progress: (line) => process.stderr.write(`${line}\n`) });
  const folder = mkdtempSync(join(tmpdir(), "plane-"));
  const plane = await startControlPlane({ tools, folder });
  try {
    const { REHEARSAL_CRDS } = process.env;
    const { crds } = definitionsOf(CUSTOM_KINDS, REHEARSAL_CRDS === undefined ? [] : await readCrds(REHEARSAL_CRDS));
    const needed = /^(argoproj\.io|flagger\.app|keda\.sh)$/;
    await applyCrds(
      plane.api,
      crds.filter(({ spec }) => needed.test(spec.group)),
    );
    for (const name of NAMESPACES) await plane.api.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    await action(plane.api);
  } finally {
    await plane.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The Kubernetes objects of a program, releases of charts left out. */
async function objectsOf(program: (options: pulumi.ComponentResourceOptions) => void): Promise<KubernetesObject[]> {
  const graph = await graphOf(() => program(explicitProviders()));
  return graph.resources
    .filter(({ type, custom }) => custom && type.startsWith("kubernetes:") && !type.startsWith("kubernetes:helm"))
    .map(({ inputs }) => revealed(inputs) as KubernetesObject);
}

/** Kinds of the objects that were made; strict validation refuses every field that a kind does not have. */
async function createAll(api: RestApi, objects: readonly KubernetesObject[]): Promise<string[]> {
  for (const object of objects) await api.create(object);
  return [...new Set(objects.map(({ kind }) => kind))].sort();
}

describe("what brings new versions, before a real API server", function () {
  this.timeout(300_000);

  it("is accepted: canary, metric templates and alerts (L58)", () =>
    onPlane(async (api) => {
      const kinds = await createAll(
        api,
        await objectsOf((options) => {
          new components.ModelServer("server", { ...SERVER, service: false }, options);
          new components.ModelCanary(
            "canary",
            { ...CANARY, alert: { type: "slack", channel: "models", secretName: "slack-hook" } },
            options,
          );
          new components.ModelCanary(
            "unweighted",
            { ...CANARY, server: "other", provider: components.FlaggerProvider.Kubernetes },
            options,
          );
        }),
      );
      for (const kind of ["AlertProvider", "Canary", "Deployment", "MetricTemplate", "ScaledObject"]) {
        assert.ok(kinds.includes(kind), kind);
      }
    }));

  it("is accepted: both colours, their Jobs and the Service that turns (L59)", () =>
    onPlane(async (api) => {
      const program = (activeColor: components.ModelColor) => (options: pulumi.ComponentResourceOptions) =>
        void new components.ModelBlueGreen("colors", { server: SERVER, activeColor, blue: {}, green: {} }, options);
      await createAll(api, await objectsOf(program(components.ModelColor.Blue)));
      const service = { apiVersion: "v1", kind: "Service", name: "llama-70b", namespace: "models" };
      for (const object of await objectsOf(program(components.ModelColor.Green))) await api.apply(object, "pulumi");
      assert.deepEqual((await api.read(service))?.spec.selector, { app: "llama-70b-green" });
    }));

  it("is accepted: project, Application and ApplicationSet (L56, L57)", () =>
    onPlane(async (api) => {
      const kinds = await createAll(
        api,
        await objectsOf((options) => {
          const args = {
            namespace: "argocd",
            destinationNamespace: "models",
            argoCdReady: "ready",
            repository: { ...REPOSITORY, credentials: { secretName: "models-repository", password: "hunter2" } },
          };
          new components.ArgoApplications(
            "one",
            { ...args, project: "production", application: { name: "llm-production" } },
            options,
          );
          const scaledWorkloads = [{ name: "llama-70b", kind: "ScaledObject" }];
          new components.ArgoApplications(
            "many",
            {
              ...args,
              repository: REPOSITORY,
              project: "regions",
              regions: { name: "llm", regions: REGIONS, scaledWorkloads },
            },
            options,
          );
        }),
      );
      assert.deepEqual(kinds, ["AppProject", "Application", "ApplicationSet", "Secret"]);
    }));

  it("is accepted: Rollout, judgement and autoscaler of Langfuse's web pods (first-up 57)", () =>
    onPlane(async (api) => {
      const kinds = await createAll(
        api,
        await objectsOf(
          (options) =>
            void new components.WebRollout(
              "rollout",
              {
                namespace: "langfuse",
                autoscaling: { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 },
                errorRateQuery: components.webErrorRate("langfuse", "langfuse", 300),
                prometheusUrl: PROMETHEUS,
                controllerReady: "ready",
                releaseReady: "ready",
              },
              options,
            ),
        ),
      );
      assert.deepEqual(kinds, ["AnalysisTemplate", "HorizontalPodAutoscaler", "Rollout"]);
    }));

  it("may do its work in the models' namespace, and nothing elsewhere", () =>
    onPlane(async (api) => {
      await createAll(
        api,
        await objectsOf((options) => {
          new components.ArgoCd("argocd", { namespace: "argocd", managedNamespaces: ["models"] }, options);
          new components.Flagger(
            "flagger",
            { namespace: "flagger", canaryNamespace: "models", prometheusUrl: PROMETHEUS },
            options,
          );
        }),
      );
      const argoCd = `system:serviceaccount:argocd:${ARGO_CD.controllerServiceAccount}`;
      const flagger = `system:serviceaccount:flagger:${FLAGGER.serviceAccount}`;
      const cases: [user: string, verb: string, group: string, resource: string, namespace: string, may: boolean][] = [
        [argoCd, "create", "apps", "deployments", "models", true],
        [argoCd, "patch", "keda.sh", "scaledobjects", "models", true],
        [argoCd, "get", "", "secrets", "models", false],
        [argoCd, "create", "apps", "deployments", "langfuse", false],
        [argoCd, "create", "rbac.authorization.k8s.io", "roles", "models", false],
        [flagger, "update", "apps", "deployments", "models", true],
        [flagger, "create", "traefik.io", "traefikservices", "models", true],
        [flagger, "get", "", "secrets", "langfuse", false],
        [flagger, "update", "apps", "deployments", "langfuse", false],
      ];
      await eventuallyAllowed(api, cases);
    }));
});

/** Whether RBAC decides each case as it should, once it has read the roles. */
async function eventuallyAllowed(
  api: RestApi,
  cases: readonly (readonly [string, string, string, string, string, boolean])[],
): Promise<void> {
  for (const [user, verb, group, resource, namespace, may] of cases) {
    const what = `${user} may ${may ? "" : "not "}${verb} ${resource} in ${namespace}`;
    let allowed: boolean | undefined;
    for (let attempt = 0; attempt < 20 && allowed !== may; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 250));
      allowed = await isAllowed(api, user, { verb, group, resource, namespace });
    }
    assert.equal(allowed, may, what);
  }
}

async function isAllowed(api: RestApi, user: string, resourceAttributes: object): Promise<boolean> {
  try {
    const answer = await api.create({
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      metadata: { name: "" },
      spec: { user, resourceAttributes },
    });
    return answer.status.allowed === true;
  } catch (error) {
    if (error instanceof ApiError) assert.fail(error.message);
    throw error;
  }
}
