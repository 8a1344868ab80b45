import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { Cluster, type ClusterArgs } from "../../../components/foundation/cluster";
import { kubeconfig } from "../../../components/foundation/kubeconfig";
import { after as behind } from "../../../components/internal/gates";
import { PHYSICAL_NAME_LIMITS } from "../../../components/internal/names";
import { type Graph, graphOf, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const ADMIN = "arn:aws:iam::111111111111:role/platform-admin";
const VIEWER = "arn:aws:iam::111111111111:role/team/viewer";
const MINIMAL: ClusterArgs = {
  kubernetesVersion: "1.35",
  region: "us-east-1",
  subnetIds: ["subnet-a", "subnet-b", "subnet-c"],
  endpoint: { publicAccessCidrs: ["203.0.113.0/24"] },
  durable: true,
};
const EKS = "aws:eks/cluster:Cluster";
const cluster = (args: Partial<ClusterArgs> = {}, name = "main") =>
  graphOf(() => new Cluster(name, { ...MINIMAL, ...args }, explicitProviders()));
const addon = (graph: Graph, name: string) => graph.one("aws:eks/addon:Addon", `main-${name}`);

describe("Cluster", () => {
  it("makes a control plane with key, role, logs, OIDC provider and the add-ons that nodes boot with", async () => {
    const graph = await cluster();
    const made = graph.childrenOf(graph.component("Cluster")).map(({ name }) => name);
    assert.deepEqual(made.sort(), [
      "main-cluster",
      "main-kube-proxy",
      "main-logs",
      "main-name",
      "main-oidc",
      "main-pod-identity-agent",
      "main-role",
      "main-role-cluster",
      "main-role-secrets-key",
      "main-secrets-key",
      "main-vpc-cni",
    ]);
  });

  it("is closed, encrypted, logged and free of EKS' own add-ons by default", async () => {
    const { inputs, options } = (await cluster()).one(EKS);
    assert.equal(inputs.version, "1.35");
    assert.deepEqual(inputs.vpcConfig, {
      subnetIds: MINIMAL.subnetIds,
      endpointPrivateAccess: true,
      endpointPublicAccess: true,
      publicAccessCidrs: ["203.0.113.0/24"],
    });
    assert.deepEqual(inputs.accessConfig, {
      authenticationMode: "API",
      bootstrapClusterCreatorAdminPermissions: true,
    });
    assert.equal(inputs.bootstrapSelfManagedAddons, false);
    assert.deepEqual((inputs.encryptionConfig as { resources: string[] }).resources, ["secrets"]);
    assert.equal((inputs.enabledClusterLogTypes as string[]).length, 5);
    assert.deepEqual(inputs.upgradePolicy, { supportType: "STANDARD" });
    assert.deepEqual(inputs.kubernetesNetworkConfig, { ipFamily: "ipv4", serviceIpv4Cidr: "172.20.0.0/16" });
    assert.deepEqual(options.ignoreChanges, [
      "accessConfig.bootstrapClusterCreatorAdminPermissions",
      "bootstrapSelfManagedAddons",
    ]);
  });

  it("has no public endpoint when it is reached privately", async () => {
    const { inputs } = (await cluster({ endpoint: { publicAccessCidrs: [], reachedPrivately: true } })).one(EKS);
    assert.deepEqual(inputs.vpcConfig, {
      subnetIds: MINIMAL.subnetIds,
      endpointPrivateAccess: true,
      endpointPublicAccess: false,
    });
  });

  it("shares a generated name between log group and cluster, and makes the log group first", async () => {
    const graph = await cluster();
    const eks = graph.one(EKS);
    const logs = graph.one("aws:cloudwatch/logGroup:LogGroup");
    assert.match(String(eks.inputs.name), /^main-[0-9a-f]{8}$/);
    assert.equal(logs.inputs.name, `/aws/eks/${eks.inputs.name}/cluster`);
    assert.equal(logs.inputs.retentionInDays, 30);
    for (const earlier of [
      logs,
      graph.one("aws:iam/rolePolicyAttachment:RolePolicyAttachment"),
      graph.one("aws:iam/rolePolicy:RolePolicy"),
    ]) {
      assert.ok(graph.waitsFor(eks, earlier), `the cluster must wait for ${earlier.name}`);
    }
  });

  it("gets a new name whenever it is replaced", async () => {
    const keepers = async (args: Partial<ClusterArgs>) =>
      (await cluster(args)).one("random:index/randomId:RandomId").inputs.keepers;
    assert.notDeepEqual(await keepers({ serviceCidr: "10.100.0.0/16" }), await keepers({}));
    assert.notDeepEqual(await keepers({ iam: { path: "/platform/" } }), await keepers({}));
  });

  for (const durable of [true, false]) {
    it(`${durable ? "protects" : "lets go of"} what it made when durable is ${durable}`, async () => {
      const graph = await cluster({ durable });
      assert.equal(graph.one(EKS).options.protect, durable);
      assert.equal(graph.one(EKS).inputs.deletionProtection, durable);
      const key = graph.one("aws:kms/key:Key");
      assert.equal(key.options.protect, durable);
      assert.equal(key.inputs.deletionWindowInDays, durable ? 30 : 7);
      assert.equal(key.inputs.enableKeyRotation, true);
      assert.equal(graph.one("aws:cloudwatch/logGroup:LogGroup").options.retainOnDelete, durable);
    });
  }

  it("pins the add-ons by minor and switches network policies and prefix delegation on", async () => {
    const graph = await cluster({ kubernetesVersion: "1.34", addonVersions: { "vpc-cni": "v1.23.1-eksbuild.1" } });
    const cni = addon(graph, "vpc-cni").inputs;
    assert.equal(cni.addonVersion, "v1.23.1-eksbuild.1");
    assert.deepEqual(JSON.parse(String(cni.configurationValues)), {
      enableNetworkPolicy: "true",
      env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    });
    assert.match(String(addon(graph, "kube-proxy").inputs.addonVersion), /^v1\.34\.\d+-eksbuild\.\d+$/);
    for (const { inputs } of graph.ofType("aws:eks/addon:Addon")) {
      assert.equal(inputs.resolveConflictsOnCreate, "OVERWRITE");
      assert.equal(inputs.resolveConflictsOnUpdate, "OVERWRITE");
    }
  });

  it("grants rights by principal, so that the order of the list changes nothing", async () => {
    const names = async (args: Partial<ClusterArgs>) =>
      (await cluster(args)).ofType("aws:eks/accessEntry:AccessEntry").map(({ name }) => name);
    const other = "arn:aws:iam::111111111111:role/other-admin";
    assert.deepEqual(
      (await names({ admins: [ADMIN, other] })).sort(),
      (await names({ admins: [other, ADMIN] })).sort(),
    );
    const graph = await cluster({ admins: [ADMIN], viewers: [VIEWER], region: "cn-north-1" });
    const grants = graph
      .ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation")
      .map(({ inputs }) => [inputs.principalArn, inputs.policyArn]);
    assert.deepEqual(grants.sort(), [
      [ADMIN, "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"],
      [VIEWER, "arn:aws-cn:eks::aws:cluster-access-policy/AmazonEKSViewPolicy"],
    ]);
  });

  it("hands role settings on", async () => {
    const boundary = "arn:aws:iam::111111111111:policy/boundary";
    const graph = await cluster({ iam: { permissionsBoundaryArn: boundary, path: "/platform/" } });
    const role = graph.one("aws:iam/role:Role").inputs;
    assert.equal(role.permissionsBoundary, boundary);
    assert.equal(role.path, "/platform/");
  });

  it("offers gates that carry exactly what they promise", async () => {
    const graph = await graphOf(() => {
      const options = explicitProviders();
      const { accessReady, networkingReady } = new Cluster("main", { ...MINIMAL, admins: [ADMIN] }, options);
      new aws.sqs.Queue("access", {}, { dependsOn: behind(accessReady) });
      new aws.sqs.Queue("networking", {}, { dependsOn: behind(networkingReady) });
    });
    const access = graph.one("aws:sqs/queue:Queue", "access");
    const networking = graph.one("aws:sqs/queue:Queue", "networking");
    const association = graph.one("aws:eks/accessPolicyAssociation:AccessPolicyAssociation");
    assert.ok(graph.waitsFor(access, association));
    assert.ok(!graph.waitsFor(access, addon(graph, "vpc-cni")));
    for (const name of ["vpc-cni", "kube-proxy", "pod-identity-agent"]) {
      assert.ok(graph.waitsFor(networking, addon(graph, name)), name);
    }
    assert.ok(!graph.waitsFor(networking, association));
  });

  it("offers what others need to know of it", async () => {
    const graph = await graphOf(() => {
      const { clusterName, kubeconfig, serviceCidr, oidcIssuer, certificateAuthority } = new Cluster(
        "main",
        { ...MINIMAL, assumeRoleArn: ADMIN },
        explicitProviders(),
      );
      return { clusterName, kubeconfig, serviceCidr, oidcIssuer, certificateAuthority };
    });
    const result = graph.result as Record<string, string>;
    const config = JSON.parse(result.kubeconfig ?? "");
    assert.equal(config["current-context"], result.clusterName);
    assert.equal(config.clusters[0].cluster["certificate-authority-data"], result.certificateAuthority);
    assert.deepEqual(config.users[0].user.exec.args.slice(-2), ["--role-arn", ADMIN]);
    assert.equal(result.serviceCidr, "172.20.0.0/16");
    assert.equal(graph.one("aws:iam/openIdConnectProvider:OpenIdConnectProvider").inputs.url, result.oidcIssuer);
  });

  it("fills nodes one after the other on request, by the given weights (first-up 45)", async () => {
    assert.ok(!("kubeSchedulerConfig" in (await cluster()).one(EKS).inputs));
    assert.deepEqual(
      (await cluster({ packingWeights: { "nvidia.com/gpu": 100 } })).one(EKS).inputs.kubeSchedulerConfig,
      {
        nodeResourcesFit: {
          scoringStrategy: { type: "MostAllocated", resources: [{ name: "nvidia.com/gpu", weight: 100 }] },
        },
      },
    );
  });

  it("registers twice in one stack, with explicit providers, before anything is known", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new Cluster("one", { ...MINIMAL, admins: [ADMIN] }, options);
        new Cluster("two", { ...MINIMAL, admins: [ADMIN] }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(EKS).length, 2);
    assert.deepEqual(
      unknownPaths(graph.one(EKS, "one-cluster")),
      ["name", "roleArn", "encryptionConfig.provider.keyArn"].sort(),
    );
    assert.deepEqual(
      graph.resources.filter((each) => each.type.startsWith("aws:") && each.provider === ""),
      [],
    );
  });

  it("keeps generated names within AWS' limits", async () => {
    const graph = await cluster({}, "a-name-of-20-letters");
    for (const { type, name } of graph.resources) {
      const limit = PHYSICAL_NAME_LIMITS[type];
      if (limit !== undefined) assert.ok(name.length + 8 <= limit, `${name} is too long for ${type}`);
    }
  });
});

describe("kubeconfig", () => {
  it("asks for a token with the region, and with a role only when there is one", () => {
    const parts = {
      clusterName: "main-1",
      endpoint: "https://example",
      certificateAuthority: "Q0E=",
      region: "eu-west-1",
    };
    const { users, contexts } = JSON.parse(kubeconfig(parts));
    assert.equal(users[0].user.exec.command, "aws");
    assert.deepEqual(users[0].user.exec.args, [
      "eks",
      "get-token",
      "--cluster-name",
      "main-1",
      "--region",
      "eu-west-1",
      "--output",
      "json",
    ]);
    assert.deepEqual(contexts, [{ name: "main-1", context: { cluster: "main-1", user: "main-1" } }]);
    assert.ok(!kubeconfig(parts).includes("profile"));
  });
});
