import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ModelAccess } from "../../../components/llm/model-access";
import type { ModelAccessArgs } from "../../../components/llm/model-access-args";
import { nodeRules, operatorRules, readerRules } from "../../../components/llm/model-access-roles";
import { failureOf, type Graph, graphOf, plainPathsWith, revealed, secretPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { at } from "./at";

const MINIMAL: ModelAccessArgs = { namespace: "models", servers: ["llama-70b", "qwen"] };
const SECRET = "kubernetes:core/v1:Secret";
const ACCOUNT = "kubernetes:core/v1:ServiceAccount";
const ROLE = "kubernetes:rbac.authorization.k8s.io/v1:Role";
const BINDING = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding";
const ENTRY = "aws:eks/accessEntry:AccessEntry";
const PASSWORD = "random:index/randomPassword:RandomPassword";
const access = (args: Partial<ModelAccessArgs> = {}) =>
  graphOf(() => new ModelAccess("access", { ...MINIMAL, ...args }, explicitProviders()));
const refused = (args: Partial<ModelAccessArgs>) =>
  failureOf(() => new ModelAccess("access", { ...MINIMAL, ...args }, explicitProviders()));
const keyOf = (graph: Graph, server: string) => {
  const inputs = revealed(graph.one(SECRET, `access-secret-${server}`).inputs);
  return Buffer.from(String(at(inputs, "data.api-key")), "base64").toString();
};
const allowed = (rules: ReturnType<typeof readerRules>, verb: string, group: string, resource: string) =>
  rules.some(
    ({ apiGroups, resources, verbs }) =>
      apiGroups.includes(group) && resources.includes(resource) && verbs.includes(verb),
  );

describe("ModelAccess", () => {
  it("L55: makes ServiceAccounts that get no token, and no Secret that is one", async () => {
    const graph = await access();
    assert.deepEqual(
      graph.ofType(ACCOUNT).map(({ inputs }) => [at(inputs, "metadata.name"), inputs.automountServiceAccountToken]),
      [
        ["model-server", false],
        ["model-import", false],
      ],
    );
    assert.ok(graph.ofType(SECRET).every(({ inputs }) => inputs.type === "Opaque"));
  });

  it("L40: gives each server a generated key of its own, which stays in its envelope", async () => {
    const graph = await access();
    assert.notEqual(keyOf(graph, "llama-70b"), keyOf(graph, "qwen"));
    assert.match(keyOf(graph, "qwen"), /^sk-/);
    const secret = graph.one(SECRET, "access-secret-qwen");
    assert.equal(at(secret.inputs, "metadata.name"), "qwen-api-key");
    assert.deepEqual(secretPaths(secret), ["data"]);
    for (const resource of graph.resources) assert.deepEqual(plainPathsWith(resource, keyOf(graph, "qwen")), []);
    assert.deepEqual(at(graph.one(PASSWORD, "access-key-of-qwen").inputs, "keepers"), { revision: "0" });
  });

  it("gives the servers behind one router one key, and all of them the user's own where there is one", async () => {
    const shared = await access({ sharedKeyServers: ["llama-70b", "qwen"] });
    assert.equal(keyOf(shared, "llama-70b"), keyOf(shared, "qwen"));
    assert.equal(shared.ofType(PASSWORD).length, 1);
    const own = await access({ apiKey: "a-key-of-my-own-0" });
    assert.equal(keyOf(own, "qwen"), "a-key-of-my-own-0");
    assert.equal(own.ofType(PASSWORD).length, 0);
    assert.match(await refused({ apiKey: "short" }), /apiKey: must be 16 printable characters .*not shown/);
  });

  it("makes new keys with a new revision, and says so without telling them", async () => {
    const graph = await access({ keyRevision: 3 });
    assert.ok(graph.ofType(PASSWORD).every(({ inputs }) => at(inputs, "keepers.revision") === "3"));
    assert.equal(graph.component("ModelAccess").outputs?.revision, "keys-3");
  });

  it("keeps the token for Hugging Face where import Jobs find it", async () => {
    const graph = await access({ huggingFaceToken: pulumi.secret("hf_hunter2") });
    const secret = graph.one(SECRET, "access-hugging-face-token");
    assert.equal(at(revealed(secret.inputs), "data.token"), Buffer.from("hf_hunter2").toString("base64"));
    assert.deepEqual(secretPaths(secret), ["data"]);
    assert.equal(graph.component("ModelAccess").outputs?.huggingFaceSecretName, "hugging-face-token");
    assert.equal((await access()).component("ModelAccess").outputs?.huggingFaceSecretName, "");
  });

  it("L54: binds roles of the namespace to groups; only machines are seen outside of it", async () => {
    const graph = await access();
    for (const group of ["model-readers", "model-operators"]) {
      assert.equal(at(graph.one(ROLE, `access-role-${group}`).inputs, "metadata.namespace"), "models");
      const { inputs } = graph.one(BINDING, `access-binding-${group}`);
      assert.deepEqual(inputs.subjects, [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: group }]);
      assert.equal(at(inputs, "roleRef.name"), group);
    }
    const outside = graph.one("kubernetes:rbac.authorization.k8s.io/v1:ClusterRole");
    assert.deepEqual(outside.inputs.rules, nodeRules());
    assert.ok(!nodeRules().some(({ verbs }) => verbs.some((verb) => !["get", "list", "watch"].includes(verb))));
  });

  it("L54: lets readers look and operators scale and restart, and neither read Secrets or enter containers", () => {
    for (const [group, resource] of [
      ["", "pods"],
      ["", "pods/log"],
      ["", "services"],
      ["apps", "deployments"],
      ["keda.sh", "scaledobjects"],
      ["autoscaling.k8s.io", "verticalpodautoscalers"],
    ] as const) {
      assert.ok(allowed(readerRules(), "list", group, resource), resource);
      assert.ok(allowed(operatorRules(), "list", group, resource), resource);
    }
    assert.ok(readerRules().every(({ verbs }) => verbs.join() === "get,list,watch"));
    for (const [verb, group, resource] of [
      ["patch", "apps", "deployments"],
      ["patch", "apps", "deployments/scale"],
      ["delete", "", "pods"],
      ["patch", "keda.sh", "scaledobjects"],
    ] as const)
      assert.ok(allowed(operatorRules(), verb, group, resource), resource);
    const touched = [...readerRules(), ...operatorRules()].flatMap(({ resources }) => resources);
    for (const forbidden of ["secrets", "pods/exec", "pods/attach", "pods/portforward", "roles", "rolebindings", "*"]) {
      assert.ok(!touched.includes(forbidden), forbidden);
    }
    assert.ok(
      ![...readerRules(), ...operatorRules()].some(({ apiGroups, verbs }) => [...apiGroups, ...verbs].includes("*")),
    );
  });

  it("makes IAM roles members of the groups", async () => {
    const role = (name: string) => `arn:aws:iam::111111111111:role/${name}`;
    const graph = await access({
      members: { clusterName: "main-1", readers: [role("dev")], operators: [role("ops"), role("team/dev")] },
    });
    assert.deepEqual(
      graph.ofType(ENTRY).map(({ inputs }) => [inputs.clusterName, inputs.principalArn, inputs.kubernetesGroups]),
      [
        ["main-1", role("dev"), ["model-readers"]],
        ["main-1", role("ops"), ["model-operators"]],
        ["main-1", role("team/dev"), ["model-operators"]],
      ],
    );
    assert.equal((await access()).ofType(ENTRY).length, 0);
  });

  it("refuses what cannot work, all at once", async () => {
    const arn = "arn:aws:iam::111111111111:role/dev";
    assert.equal(
      await refused({
        servers: ["llama", "llama"],
        sharedKeyServers: ["qwen"],
        keyRevision: -1,
        members: { clusterName: "main-1", readers: [arn], operators: [arn] },
      }),
      'ModelAccess "access" cannot be built from these arguments:\n' +
        "  keyRevision: must be a whole number from 0 (got -1). Raise it by one for new keys.\n" +
        "  servers[1]: must be a DNS label of at most 40 characters, listed once (got llama). Rename the server.\n" +
        "  sharedKeyServers[0]: must be one of servers (got qwen). Add it there, or remove it here.\n" +
        `  members: must name each role once: EKS has one entry for each, and operators may look as well (got ${arn}). Keep it under readers or under operators.`,
    );
    assert.match(
      await refused({ apiKey: "a-key-of-my-own-0", keyRevision: 1 }),
      /keyRevision: means nothing with a key of your own/,
    );
  });
});
