import { strict as assert } from "node:assert";
import { MemoryApi } from "../../rehearsal/api/memory-api";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import type { ReleaseObjects } from "../../rehearsal/charts/chart-installer";
import { history, recordIn, secretOf } from "../../rehearsal/kubernetes/helm-record";
import { RELEASE } from "../../rehearsal/kubernetes/kinds";
import { KubernetesStandIn } from "../../rehearsal/kubernetes/stand-in";
import { PartialFailure, type Properties } from "../../rehearsal/providers/provider";

const UP = { preview: false, timeoutSeconds: undefined };
const MAP = { urn: "map", type: "kubernetes:core/v1:ConfigMap", name: "map" };
const JOB = { urn: "job", type: "kubernetes:batch/v1:Job", name: "job" };
const CHART = { urn: "chart", type: RELEASE, name: "app" };
const RELEASE_INPUTS = { name: "app", namespace: "default", chart: "app", version: "1.0.0", values: { a: 1 } };

function configMap(name: string, data: Properties = {}): KubernetesObject {
  return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data };
}

/** A stand-in on an API of its own, whose only chart consists of `objects`. */
async function rig(...objects: KubernetesObject[]) {
  const api = new MemoryApi();
  const chart: { -readonly [key in keyof ReleaseObjects]: ReleaseObjects[key] } = {
    objects,
    customResourceDefinitions: [],
    recorded: [],
    rendered: true,
  };
  const provider = new KubernetesStandIn({
    connector: { connect: async () => api },
    charts: { objectsOf: async () => chart },
    patienceSeconds: 0.3,
  });
  await provider.configure({ kubeconfig: "{}" });
  return { api, chart, provider };
}

/** Shows objects of `kind` as their controller has not touched them, so that they never become ready. */
function stall(api: MemoryApi, kind: string): void {
  const read = api.read.bind(api);
  api.read = async (reference) => {
    const found = await read(reference);
    return reference.kind === kind && found !== undefined ? { ...found, status: {} } : found;
  };
}

describe("objects of the Kubernetes stand-in", () => {
  it("are not taken over when they exist already", async () => {
    const { api, provider } = await rig();
    await api.create(configMap("map"));
    await assert.rejects(provider.create(MAP, configMap("map"), UP), /ConfigMap default\/map: already exists/);
  });

  it("lose on update what the program no longer states, and keep what others set", async () => {
    const { api, provider } = await rig();
    const { id, state } = await provider.create(MAP, configMap("map", { ours: "1", old: "1" }), UP);
    await api.patch(
      { apiVersion: "v1", kind: "ConfigMap", name: "map", namespace: "default" },
      { data: { theirs: "1" } },
    );
    const updated = await provider.update(MAP, id, {}, state, configMap("map", { ours: "2" }), UP);
    assert.deepEqual(updated.data, { ours: "2", theirs: "1" });
  });

  it("stay in the state when they do not become ready", async () => {
    const { api, provider } = await rig();
    stall(api, "Job");
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job", namespace: "default" } };
    const failure = await provider.create(JOB, job, UP).catch((error) => error);
    assert.ok(failure instanceof PartialFailure);
    assert.equal(failure.id, "default/job");
    assert.match(failure.message, /timed out waiting for the condition: Job default\/job/);
  });

  it("cannot be touched for a whole run in which the cluster was not reached", async () => {
    const connector = { connect: () => Promise.reject(new Error("401 Unauthorized")) };
    const charts = { objectsOf: () => Promise.reject(new Error("none")) };
    const provider = new KubernetesStandIn({ connector, charts });
    await provider.configure({ kubeconfig: "{}" });
    await assert.rejects(provider.create(MAP, configMap("map"), UP), /cluster is unreachable: 401 Unauthorized/);
    const preview = await provider.create(MAP, configMap("map"), { ...UP, preview: true });
    assert.deepEqual(preview, { id: "", state: configMap("map") });
  });

  it("hang on their finalizers, which the error names", async () => {
    const { api, provider } = await rig();
    const held = configMap("map");
    await api.create({ ...held, metadata: { ...held.metadata, finalizers: ["apps/hold"] } });
    await assert.rejects(provider.delete(MAP, "default/map", {}, UP), /its finalizers are left: apps\/hold/);
  });

  it("give up waiting when the engine is interrupted", async () => {
    const { api, provider } = await rig();
    stall(api, "Job");
    const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "job", namespace: "default" } };
    const creation = provider.create(JOB, job, UP);
    provider.cancel();
    await assert.rejects(creation, /the wait was interrupted/);
  });

  it("show drift in the words of the program", async () => {
    const { api, provider } = await rig();
    const secret = { apiVersion: "v1", kind: "Secret", metadata: { name: "s", namespace: "default" } };
    const resource = { urn: "s", type: "kubernetes:core/v1:Secret", name: "s" };
    const inputs = { ...secret, stringData: { password: "a" } };
    const { id, state } = await provider.create(resource, inputs, UP);
    assert.deepEqual((await provider.read(resource, id, inputs, state))?.inputs, inputs);
    await api.patch(
      { apiVersion: "v1", kind: "Secret", name: "s", namespace: "default" },
      { data: { password: "Yg==" } },
    );
    assert.deepEqual((await provider.read(resource, id, inputs, state))?.inputs.stringData, { password: "b" });
  });
});

describe("releases of the Kubernetes stand-in", () => {
  const secretName = (revision: number) => `sh.helm.release.v1.app.v${revision}`;
  const recordOf = (revision: number) => ({
    apiVersion: "v1",
    kind: "Secret",
    name: secretName(revision),
    namespace: "default",
  });

  it("are recorded as Helm records them, by revision", async () => {
    const { api, provider } = await rig(configMap("one"));
    const { state } = await provider.create(CHART, RELEASE_INPUTS, UP);
    assert.deepEqual([state.status.status, state.status.revision], ["deployed", 1]);
    await provider.update(CHART, "default/app", {}, state, { ...RELEASE_INPUTS, values: { a: 2 } }, UP);
    const revisions = await history(api, "default", "app");
    assert.deepEqual(
      revisions.map(({ version, info, config }) => [version, info.status, config.a]),
      [
        [1, "superseded", 1],
        [2, "deployed", 2],
      ],
    );
  });

  it("refuse a name in use, and an upgrade while another operation seems under way", async () => {
    const { api, provider } = await rig();
    await provider.create(CHART, RELEASE_INPUTS, UP);
    await assert.rejects(provider.create(CHART, RELEASE_INPUTS, UP), /cannot re-use a name that is still in use/);
    const secret = await api.read(recordOf(1));
    assert.ok(secret);
    const record = recordIn(secret);
    const pending = secretOf({ ...record, info: { ...record.info, status: "pending-upgrade" } });
    await api.patch(recordOf(1), { data: pending.data });
    await assert.rejects(
      provider.update(CHART, "default/app", {}, {}, RELEASE_INPUTS, UP),
      /another operation \(install\/upgrade\/rollback\) is in progress.*delete the Secret sh\.helm\.release\.v1\.app\.v1/,
    );
  });

  it("do not take over objects of others, and leave no record of the attempt", async () => {
    const { api, provider } = await rig(configMap("one"));
    await api.create(configMap("one"));
    await assert.rejects(
      provider.create(CHART, RELEASE_INPUTS, UP),
      /Unable to continue with install: ConfigMap default\/one exists and cannot be imported into the current release/,
    );
    assert.deepEqual(await history(api, "default", "app"), []);
  });

  it("delete on upgrade what the chart no longer has", async () => {
    const { api, chart, provider } = await rig(configMap("one"), configMap("two"));
    const { state } = await provider.create(CHART, RELEASE_INPUTS, UP);
    chart.objects = [configMap("two", { key: "value" })];
    await provider.update(CHART, "default/app", {}, state, RELEASE_INPUTS, UP);
    const left = await api.list("v1", "ConfigMap", { namespace: "default" });
    assert.deepEqual(
      left.map(({ metadata, data }) => [metadata.name, data]),
      [["two", { key: "value" }]],
    );
  });

  it("are failed and in the state when a workload does not become ready, and can be upgraded from there", async () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: {} };
    const { api, chart, provider } = await rig(deployment);
    stall(api, "Deployment");
    const failure = await provider.create(CHART, RELEASE_INPUTS, UP).catch((error) => error);
    assert.ok(failure instanceof PartialFailure);
    assert.equal(failure.state.status.status, "failed");
    chart.objects = [];
    const state = await provider.update(CHART, "default/app", {}, failure.state, RELEASE_INPUTS, UP);
    assert.deepEqual([state.status.status, state.status.revision], ["deployed", 2]);
  });

  it("stay pending when the provider is killed, until the record is deleted", async () => {
    const deployment = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: {} };
    const { api, provider } = await rig(deployment);
    const unstalled = api.read;
    stall(api, "Deployment");
    const installation = assert.rejects(provider.create(CHART, RELEASE_INPUTS, UP));
    await new Promise((resolve) => setTimeout(resolve, 20));
    provider.kill();
    await installation;
    assert.equal((await history(api, "default", "app"))[0]?.info.status, "pending-install");
    api.read = unstalled;
    await provider.configure({ kubeconfig: "{}" });
    await assert.rejects(provider.create(CHART, RELEASE_INPUTS, UP), /is pending-install/);
    await api.delete(recordOf(1));
    assert.equal((await provider.create(CHART, RELEASE_INPUTS, UP)).state.status.status, "deployed");
  });

  it("are uninstalled with their records, and are unknown to Helm from then on", async () => {
    const { api, provider } = await rig(configMap("one"));
    const { state } = await provider.create(CHART, RELEASE_INPUTS, UP);
    assert.ok(provider.releases.has("default/app"));
    await provider.delete(CHART, "default/app", state, UP);
    assert.deepEqual(await api.list("v1", "ConfigMap"), []);
    assert.deepEqual(await history(api, "default", "app"), []);
    await assert.rejects(provider.delete(CHART, "default/app", state, UP), /uninstall: Release not loaded: app/);
  });
});
