import assert from "node:assert/strict";
import { type IngressContract, ingressContract } from "../../components";
import { ingressControllerValues } from "../../components/edge/ingress-controller";
import { CHARTS } from "../../components/internal/charts";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import type { ReleaseRequest } from "../../rehearsal/charts/chart-installer";
import { STAND_IN_CHARTS, standInObjects } from "../../rehearsal/charts/stand-in-charts";
import { restrictedViolations } from "../../rehearsal/checks/pod-security";
import { selects } from "../../rehearsal/checks/selectors";
import type { Properties } from "../../rehearsal/providers/provider";
import { revealed } from "../support/graph";
import { type RecordedStack, STACKS, stackOf } from "../support/stacks";
import { recordedVariant, VARIANTS, type VariantName } from "../support/variants";

/** What a recorded program asks of Helm. */
function releasesOf({ graph }: RecordedStack): ReleaseRequest[] {
  return graph.ofType("kubernetes:helm.sh/v3:Release").map(({ inputs }) => revealed(inputs) as ReleaseRequest);
}

/** Every release of the committed stacks and of every variant, recorded one after the other. */
async function allReleases(): Promise<ReleaseRequest[]> {
  const releases: ReleaseRequest[] = [];
  for (const stack of STACKS) releases.push(...releasesOf(await stackOf(stack)));
  for (const name of Object.keys(VARIANTS) as VariantName[]) releases.push(...releasesOf(await recordedVariant(name)));
  return releases;
}

async function prodRelease(name: string): Promise<ReleaseRequest> {
  return releasesOf(await stackOf("prod")).find((release) => release.name === name) ?? assert.fail(`no ${name}`);
}

function workloadsIn(objects: readonly KubernetesObject[]): KubernetesObject[] {
  return objects.filter(({ kind }) => ["Deployment", "DaemonSet", "StatefulSet"].includes(kind));
}

function find(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const found = objects.find((object) => object.kind === kind && object.metadata.name === name);
  return found ?? assert.fail(`no ${kind} ${name}`);
}

const INGRESS_CHARTS = { traefik: CHARTS.traefik, "f5-nginx": CHARTS.f5Nginx, "ingress-nginx": CHARTS.ingressNginx };

/** The release of an ingress controller under the values that its component makes. */
function ingressRelease(kind: keyof typeof INGRESS_CHARTS, contract: IngressContract): ReleaseRequest {
  const { name: chart, version } = INGRESS_CHARTS[kind];
  const values = ingressControllerValues(kind, contract, { serviceMonitors: true });
  return { name: contract.releaseName, namespace: "ingress", chart, version, values };
}

describe("stand-ins for charts", () => {
  let releases: ReleaseRequest[] = [];

  before(async function () {
    // As long as it takes to record them where no other test has.
    this.timeout(60_000);
    releases = await allReleases();
  });

  it("know every chart that the platform installs", () => {
    const charts = [...new Set(Object.values(CHARTS).map(({ name }) => name))].sort();
    assert.deepEqual([...STAND_IN_CHARTS].sort(), charts);
  });

  it("name the chart that nothing stands in for, and what to do", () => {
    const request = { name: "other", namespace: "other", chart: "other", version: "1.0.0", values: {} };
    assert.throws(() => standInObjects(request), {
      message:
        "Release other/other: nothing stands in for the chart other. Mirror the chart (setting charts.mirror), or add it to rehearsal/charts.",
    });
  });

  it("recognise a chart that is a file, whatever form its version has", () => {
    const chart = "./charts/cert-manager-v1.21.1.tgz";
    const request = { name: "cert-manager", namespace: "cert-manager", chart, version: "v1.21.1", values: {} };
    find(standInObjects(request).objects, "Deployment", "cert-manager-webhook");
  });

  it("make pods that pass Pod Security under the platform's values, in every stack and variant", () => {
    const violations = releases
      .filter(({ namespace }) => !["monitoring", "gpu-runtime"].includes(namespace))
      .flatMap((release) =>
        workloadsIn(standInObjects(release).objects).flatMap(({ metadata, spec }) =>
          restrictedViolations(spec.template.spec).map((violation) => `${metadata.name}: ${violation}`),
        ),
      );
    assert.deepEqual(violations, []);
  });

  it("make Services and budgets that find pods, in every stack and variant", () => {
    const missed = releases.flatMap(({ name, ...release }) => {
      const { objects } = standInObjects({ name, ...release });
      const pods = workloadsIn(objects).map(({ spec }) => spec.template.metadata.labels);
      const ends = objects.filter(({ kind }) => ["PodDisruptionBudget", "Service"].includes(kind));
      return ends
        .filter(({ metadata }) => !OPERATED.test(metadata.name))
        .filter(({ kind, spec }) => {
          const selector = kind === "Service" ? { matchLabels: spec.selector } : spec.selector;
          return !pods.some((labels) => selects(selector, labels));
        })
        .map(({ kind, metadata }) => `${name}: ${kind} ${metadata.name}`);
    });
    assert.deepEqual(missed, []);
  });

  it("leave out a security context that the values forget, so that admission finds it", async () => {
    const release = await prodRelease("langfuse");
    const { podSecurityContext: _, securityContext: __, ...langfuse } = release.values.langfuse as Properties;
    const { objects } = standInObjects({ ...release, values: { ...release.values, langfuse } });
    const { spec } = find(objects, "Deployment", "langfuse-web").spec.template;
    assert.notDeepEqual(restrictedViolations(spec), []);
  });

  it("give ingress controllers the Service, ports and labels of their contract", () => {
    for (const kind of ["traefik", "f5-nginx", "ingress-nginx"] as const) {
      const contract = ingressContract(kind) ?? assert.fail();
      const release = ingressRelease(kind, contract);
      const { objects } = standInObjects(release);
      const ports = find(objects, "Service", contract.serviceName).spec.ports as Properties[];
      assert.deepEqual(
        ports.map(({ port }) => port),
        [contract.httpPort, contract.httpsPort],
      );
      const { metadata, spec } = workloadsIn(objects)[0]?.spec.template ?? assert.fail();
      assert.ok(selects({ matchLabels: contract.podLabels }, metadata.labels), kind);
      const open = (spec.containers[0].ports as Properties[]).map((port) => port.containerPort);
      assert.ok(open.includes(contract.metricsPort) && open.includes(contract.healthPort), kind);
    }
  });

  it("read each secret of Langfuse from where the values say", async () => {
    const { objects } = standInObjects(await prodRelease("langfuse"));
    const [container] = find(objects, "Deployment", "langfuse-worker").spec.template.spec.containers;
    const secrets = (container.env as Properties[]).filter(({ valueFrom }) => valueFrom?.secretKeyRef);
    assert.deepEqual(
      secrets.map(({ name, valueFrom }) => `${name} ${valueFrom.secretKeyRef.name}/${valueFrom.secretKeyRef.key}`),
      [
        "SALT langfuse-app-credentials/salt",
        "ENCRYPTION_KEY langfuse-app-credentials/encryption-key",
        "NEXTAUTH_SECRET langfuse-app-credentials/nextauth-secret",
        "DATABASE_PASSWORD langfuse-pg-credentials/password-a",
        "REDIS_PASSWORD langfuse-redis-credentials/password-a",
        "CLICKHOUSE_PASSWORD langfuse-ch-credentials/password-a",
      ],
    );
  });

  it("restart the ClickHouse operator when its configuration changes", async () => {
    const release = await prodRelease("clickhouse-operator");
    const annotations = (values: ReleaseRequest["values"]) =>
      find(standInObjects({ ...release, values }).objects, "Deployment", "clickhouse-operator").spec.template.metadata
        .annotations;
    assert.notDeepEqual(annotations(release.values), annotations({ ...release.values, configs: {} }));
  });
});

/** Services in front of pods that an operator or an add-on makes. */
const OPERATED = /-(prometheus|alertmanager|coredns)$/;
