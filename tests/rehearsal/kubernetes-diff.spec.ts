import { strict as assert } from "node:assert";
import { diffConfiguration } from "../../rehearsal/kubernetes/configuration";
import { FIELD_MANAGER, ownersAfterTakeOver } from "../../rehearsal/kubernetes/field-managers";
import { diffObject } from "../../rehearsal/kubernetes/object-diff";
import { checkObject } from "../../rehearsal/kubernetes/object-inputs";
import { type Properties, UNKNOWN } from "../../rehearsal/providers/provider";

const IMMUTABLE = { secrets: false, configMaps: false };
const MUTABLE = { secrets: true, configMaps: true };

function diff(before: Properties, now: Properties, mutability = MUTABLE, state: Properties = before) {
  return diffObject({ before, state, now, mutability, unready: false });
}

function object(apiVersion: string, kind: string, rest: Properties): Properties {
  return { apiVersion, kind, metadata: { name: "one", namespace: "apps" }, ...rest };
}

describe("diff of the Kubernetes stand-in", () => {
  it("replaces a Secret whose data changes, deleting it first, unless Secrets are declared mutable", () => {
    const [before, now] = ["a", "b"].map((password) => object("v1", "Secret", { stringData: { password } }));
    const replaced = diff(before ?? {}, now ?? {}, IMMUTABLE);
    assert.deepEqual([replaced.replaces, replaced.deleteBeforeReplace], [["data.password"], true]);
    const updated = diff(before ?? {}, now ?? {});
    assert.deepEqual([updated.changes, updated.replaces], [["stringData"], []]);
  });

  it("finds no change in a Secret that the API server has as data", () => {
    const inputs = object("v1", "Secret", { stringData: { password: "a" } });
    const state = object("v1", "Secret", { data: { password: "YQ==" }, type: "Opaque" });
    assert.deepEqual(diff(inputs, inputs, MUTABLE, state).changes, []);
  });

  it("replaces a Job whose template changes at any depth, and says where", () => {
    const job = (image: string) =>
      object("batch/v1", "Job", { spec: { template: { spec: { containers: [{ image }] } } } });
    assert.deepEqual(diff(job("web:1"), job("web:2")).replaces, ["spec.template.spec.containers[0].image"]);
  });

  it("replaces a Job that has not completed when asked to, without any other change", () => {
    const job = object("batch/v1", "Job", {});
    const found = diffObject({ before: job, state: job, now: job, mutability: MUTABLE, unready: true });
    assert.deepEqual(found.replaces, ['metadata.annotations["pulumi.com/replaceUnready"]']);
    assert.equal(found.deleteBeforeReplace, true);
  });

  it("updates a StorageClass in place where the provider does not know better, and replaces it for its parameters", () => {
    const storage = (type: string, reclaimPolicy: string) =>
      object("storage.k8s.io/v1", "StorageClass", { parameters: { type }, reclaimPolicy });
    assert.deepEqual(diff(storage("gp3", "Delete"), storage("gp3", "Retain")).replaces, []);
    assert.deepEqual(diff(storage("gp3", "Delete"), storage("io2", "Delete")).replaces, ["parameters.type"]);
  });

  it("makes the replacement first when the name is automatic", () => {
    const metadata = { name: "one-1234", annotations: { "pulumi.com/autonamed": "true" } };
    const [before, now] = ["Opaque", "tls"].map((type) => ({ ...object("v1", "Secret", { type }), metadata }));
    assert.equal(diff(before ?? {}, now ?? {}).deleteBeforeReplace, false);
  });

  it("compares with what is live, in the words of the inputs", () => {
    const inputs = object("apps/v1", "Deployment", { spec: { replicas: 2, paused: false } });
    const live = object("apps/v1", "Deployment", { spec: { replicas: 5, paused: false, revisionHistoryLimit: 10 } });
    assert.deepEqual(diff(inputs, inputs, MUTABLE, live).paths, ["spec.replicas"]);
  });

  it("takes two spellings of an amount, and members that hold nothing, for no change", () => {
    const pod = (cpu: string, more: Properties) =>
      object("v1", "Pod", { ...more, spec: { containers: [{ resources: { requests: { cpu } } }] } });
    assert.deepEqual(diff(pod("1000m", { status: {} }), pod("1", { extra: {} })).changes, []);
  });

  it("takes what is not known yet for a change", () => {
    const map = object("v1", "ConfigMap", { data: { key: "value" } });
    assert.deepEqual(diff(map, { ...map, data: { key: UNKNOWN } }).changes, ["data"]);
  });
});

describe("configuration of the Kubernetes stand-in", () => {
  const kubeconfig = (server: string) =>
    JSON.stringify({
      "current-context": "main",
      contexts: [{ name: "main", context: { cluster: "eks" } }],
      clusters: [{ name: "eks", cluster: { server } }],
    });
  const at = (server: string, clusterIdentifier?: string): Properties => ({
    kubeconfig: kubeconfig(server),
    ...(clusterIdentifier === undefined ? {} : { clusterIdentifier }),
  });

  it("replaces everything for a moved endpoint, unless the identifier stays", () => {
    assert.deepEqual(diffConfiguration(at("https://a"), at("https://b")).replaces, ["kubeconfig"]);
    assert.deepEqual(diffConfiguration(at("https://a", "arn"), at("https://b", "arn")).replaces, []);
  });

  it("is not protected by an identifier in the run that adds it", () => {
    assert.deepEqual(diffConfiguration(at("https://a"), at("https://b", "arn")).replaces, ["kubeconfig"]);
    assert.deepEqual(diffConfiguration(at("https://a"), at("https://a", "arn")).replaces, []);
  });

  it("replaces everything for another identifier, or a kubeconfig that is not known", () => {
    assert.deepEqual(diffConfiguration(at("https://a", "one"), at("https://a", "two")).replaces, ["clusterIdentifier"]);
    assert.deepEqual(diffConfiguration(at("https://a"), { kubeconfig: UNKNOWN }).replaces, ["kubeconfig"]);
  });
});

describe("check of the Kubernetes stand-in", () => {
  const resource = { urn: "urn", type: "kubernetes:apps/v1:Deployment", name: "web" };

  it("fills in kind, namespace and a name that stays", () => {
    const { inputs } = checkObject(resource, undefined, {});
    assert.deepEqual([inputs.apiVersion, inputs.kind, inputs.metadata.namespace], ["apps/v1", "Deployment", "default"]);
    assert.match(inputs.metadata.name, /^web-[0-9a-f]{8}$/);
    assert.equal(checkObject(resource, inputs, {}).inputs.metadata.name, inputs.metadata.name);
  });
});

describe("field managers of the Kubernetes stand-in", () => {
  const created = { manager: FIELD_MANAGER, operation: "Update" } as const;
  const controller = { manager: "kube-controller-manager", operation: "Update", subresource: "status" } as const;

  it("hand over what was created, once, and nobody else's fields", () => {
    const applied = { ...created, operation: "Apply" };
    assert.deepEqual(ownersAfterTakeOver([created, controller]), [applied, controller]);
    assert.equal(ownersAfterTakeOver([{ ...created, operation: "Apply" }, created]), undefined);
    assert.equal(ownersAfterTakeOver([controller]), undefined);
  });
});
