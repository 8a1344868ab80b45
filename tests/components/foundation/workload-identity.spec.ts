import assert from "node:assert/strict";
import timers from "node:timers/promises";
import * as pulumi from "@pulumi/pulumi";
import * as state from "@pulumi/pulumi/runtime/state";
import * as random from "@pulumi/random";
import { WorkloadIdentity, type WorkloadIdentityArgs } from "../../../components/foundation/workload-identity";
import { after as behind } from "../../../components/internal/gates";
import { failureOf, graphOf } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const MINIMAL: WorkloadIdentityArgs = {
  clusterName: "blue",
  clusterArn: "arn:aws:eks:us-east-1:111111111111:cluster/blue",
  namespace: "apps",
  serviceAccount: "reader",
  policy: '{"Statement":[]}',
};
const identity = (args: WorkloadIdentityArgs) =>
  graphOf(() => new WorkloadIdentity("reader", args, explicitProviders()));
/** Lets the SDK do all that it can do now. */
const turns = async () => {
  for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
};
/** What the SDK registers hooks with in the present run; in its code, not in its types. */
const callbacks = () =>
  (
    state as unknown as {
      getStore(): { callbacks: { registerResourceHook(hook: pulumi.ResourceHook): Promise<void> } };
    }
  ).getStore().callbacks;
const trustOf = (graph: Awaited<ReturnType<typeof identity>>) =>
  JSON.parse(String(graph.one("aws:iam/role:Role").inputs.assumeRolePolicy)).Statement[0];

describe("WorkloadIdentity", () => {
  it("lets pods of this cluster alone assume the role, and ties it to the ServiceAccount", async () => {
    const graph = await identity(MINIMAL);
    const trust = trustOf(graph);
    assert.deepEqual(trust.Principal, { Service: "pods.eks.amazonaws.com" });
    assert.deepEqual(trust.Action, ["sts:AssumeRole", "sts:TagSession"]);
    assert.deepEqual(trust.Condition, { ArnEquals: { "aws:SourceArn": MINIMAL.clusterArn } });
    const { inputs } = graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation");
    assert.deepEqual([inputs.clusterName, inputs.namespace, inputs.serviceAccount], ["blue", "apps", "reader"]);
    assert.deepEqual(graph.component("WorkloadIdentity").outputs?.serviceAccountAnnotations, {});
  });

  it("opens its gate only when EKS hands out credentials: 15 seconds after the association, which no API tells", async () => {
    const graph = await graphOf(async () => {
      // As the engine does when it has created the resource.
      callbacks().registerResourceHook = async (hook) => hook.callback({} as pulumi.ResourceHookArgs);
      const { setTimeout: original } = timers;
      const waits: number[] = [];
      let elapse = () => {};
      timers.setTimeout = ((milliseconds: number) => {
        waits.push(milliseconds);
        return new Promise<void>((resolve) => {
          elapse = resolve;
        });
      }) as typeof original;
      try {
        let open = false;
        new WorkloadIdentity("reader", MINIMAL, explicitProviders()).ready.apply(() => {
          open = true;
        });
        await turns();
        assert.deepEqual(waits, [15_000]);
        assert.equal(open, false);
        elapse();
        await turns();
        assert.equal(open, true);
      } finally {
        timers.setTimeout = original;
      }
    });
    const association = graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation");
    assert.deepEqual(association.options.hooks, ["reader-apps-reader-created"]);
  });

  it("trusts the OIDC issuer instead when asked, with subject and audience fixed, and makes no association", async () => {
    const graph = await identity({
      ...MINIMAL,
      irsa: {
        oidcProviderArn: "arn:aws:iam::111111111111:oidc-provider/oidc.test/id/1",
        oidcIssuer: "https://oidc.test/id/1",
      },
    });
    assert.deepEqual(trustOf(graph).Condition.StringEquals, {
      "oidc.test/id/1:sub": "system:serviceaccount:apps:reader",
      "oidc.test/id/1:aud": "sts.amazonaws.com",
    });
    assert.deepEqual(graph.ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation"), []);
    assert.ok(graph.resources.every(({ options }) => options.hooks.length === 0));
    const annotations = graph.component("WorkloadIdentity").outputs?.serviceAccountAnnotations as Record<
      string,
      string
    >;
    assert.match(annotations["eks.amazonaws.com/role-arn"] ?? "", /^arn:aws:iam::111111111111:role\//);
  });

  it("passes policies, boundary and path on", async () => {
    const graph = await identity({
      ...MINIMAL,
      managedPolicyArns: { ebs: "arn:aws:iam::aws:policy/service-role/AmazonEBSCSIDriverPolicyV2" },
      iam: { permissionsBoundaryArn: "arn:aws:iam::111111111111:policy/boundary", path: "/platform/" },
    });
    const role = graph.one("aws:iam/role:Role");
    assert.equal(role.inputs.permissionsBoundary, "arn:aws:iam::111111111111:policy/boundary");
    assert.equal(role.inputs.path, "/platform/");
    assert.equal(graph.one("aws:iam/rolePolicy:RolePolicy").inputs.policy, MINIMAL.policy);
    assert.match(String(graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment").inputs.policyArn), /EBSCSI/);
  });

  it("refuses an identity without permissions", async () => {
    assert.equal(
      await failureOf(() => new WorkloadIdentity("reader", { ...MINIMAL, policy: undefined })),
      'WorkloadIdentity "reader" cannot be built from these arguments:\n' +
        "  policy: an identity without permissions serves nobody. Give policy or managedPolicyArns.",
    );
  });

  it("opens its gate after role, permissions and association", async () => {
    const graph = await graphOf(() => {
      const { ready } = new WorkloadIdentity(
        "reader",
        { ...MINIMAL, managedPolicyArns: { ebs: "arn:aws:iam::aws:policy/Reader" } },
        explicitProviders(),
      );
      new random.RandomId("pods", { byteLength: 2 }, { dependsOn: behind(ready) });
    });
    const pods = graph.one("random:index/randomId:RandomId", "pods");
    for (const child of graph.childrenOf(graph.component("WorkloadIdentity"))) {
      assert.ok(graph.waitsFor(pods, child), child.name);
    }
  });

  it("runs under the SDK's own mocks too, which know no hooks", async () => {
    const types: string[] = [];
    await pulumi.runtime.setMocks({
      newResource: ({ type, name, inputs }) => {
        types.push(type);
        return { id: name, state: { ...inputs, arn: `arn:aws:iam::111111111111:role/${name}`, name } };
      },
      call: () => ({}),
    });
    const { ready } = new WorkloadIdentity("reader", MINIMAL);
    assert.equal(await new Promise((resolve) => ready.apply(resolve)), "ready");
    assert.ok(types.includes("aws:eks/podIdentityAssociation:PodIdentityAssociation"));
  });

  it("registers twice, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new WorkloadIdentity("one", MINIMAL, options);
        new WorkloadIdentity("two", MINIMAL, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType("aws:iam/role:Role").length, 2);
    assert.ok(graph.ofType("aws:iam/role:Role").every((role) => role.provider !== ""));
  });
});
