import assert from "node:assert/strict";
import { planErrors } from "../../preview/checks";
import type { RecordedResource } from "../../preview/recorder";
import { scheduleOf } from "../../preview/schedule";
import type { Graph } from "../support/graph";
import { STACKS, stackOf, variantOf } from "../support/stacks";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
const ADDON = "aws:eks/addon:Addon";
const ASSOCIATION = "aws:eks/podIdentityAssociation:PodIdentityAssociation";
const CLICKHOUSE = "kubernetes:clickhouse.altinity.com/v1:ClickHouseInstallation";
const KEEPER = "kubernetes:clickhouse-keeper.altinity.com/v1:ClickHouseKeeperInstallation";
const STORES = ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup", CLICKHOUSE];

/** Types of a list, each once. */
function typesOf(resources: readonly RecordedResource[]): Set<string> {
  return new Set(resources.map(({ type }) => type));
}

function release(graph: Graph, name: string): RecordedResource {
  const found = graph.ofType(RELEASE).find(({ inputs }) => inputs.name === name);
  assert.ok(found, `no release ${name}`);
  return found;
}

function addon(graph: Graph, name: string): RecordedResource {
  const found = graph.ofType(ADDON).find(({ inputs }) => inputs.addonName === name);
  assert.ok(found, `no add-on ${name}`);
  return found;
}

function nodeGroups(graph: Graph, pool: string): RecordedResource[] {
  const found = graph.ofType(NODE_GROUP).filter(({ name }) => name.startsWith(`pool-${pool}-`));
  assert.notEqual(found.length, 0, `no node group of pool ${pool}`);
  return found;
}

function modelImport(graph: Graph): RecordedResource {
  const [found] = graph.ofType("kubernetes:batch/v1:Job").filter(({ name }) => name.startsWith("model-import-"));
  assert.ok(found, "no import of a model");
  return found;
}

function modelServer(graph: Graph): RecordedResource {
  return graph.one("kubernetes:apps/v1:Deployment", "model-chat-workload");
}

const CHAIN_TO_NODES = ["Vpc", "Subnet", "Cluster", "network add-on", "NodeGroup"];

/** The steps of the chain that decides the total; fails when much lies between them. */
function chainOf(graph: Graph): (string | undefined)[] {
  const { criticalPath, minutes } = scheduleOf(graph.resources);
  const long = criticalPath.filter(({ start, finish }) => finish - start > 0.1);
  const chain = long.reduce((sum, { start, finish }) => sum + finish - start, 0);
  // Storage class, login roles, and what watches the release: an API call each.
  assert.ok(minutes <= chain + 0.25, `${minutes} minutes, of which the chain takes ${chain}`);
  return long.map(({ resource: { type, inputs } }) => {
    if (type === RELEASE) return `release ${inputs.name}`;
    if (type !== ADDON) return type.split(":").at(-1);
    return ["vpc-cni", "kube-proxy"].includes(String(inputs.addonName))
      ? "network add-on"
      : `add-on ${inputs.addonName}`;
  });
}

/** Fails unless `later` waits for each of `earlier`. */
function assertWaits(graph: Graph, later: RecordedResource, earlier: readonly RecordedResource[]): void {
  const before = new Set(graph.dependenciesOf(later));
  for (const each of earlier) assert.ok(before.has(each), `${later.name} does not wait for ${each.name}`);
}

for (const stack of STACKS) {
  describe(`order of ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      graph = (await stackOf(stack)).graph;
    });

    it("has nothing that makes a plan wrong", async () => {
      const { recording } = await stackOf(stack);
      assert.deepEqual(recording.duplicateUrns, []);
      assert.deepEqual(planErrors(recording), []);
    });

    it("names the provider of every AWS resource and Kubernetes object", () => {
      for (const resource of graph.resources) {
        const [package_ = ""] = resource.type.split(":");
        if (!["aws", "kubernetes"].includes(package_) || !resource.custom) continue;
        assert.match(resource.provider, new RegExp(`::pulumi:providers:${package_}::${package_}::`), resource.urn);
      }
    });

    it("keeps the Kubernetes provider alive across changes, and waits for what its first call needs", () => {
      const provider = graph.one("pulumi:providers:kubernetes");
      const cluster = graph.one("aws:eks/cluster:Cluster");
      assert.match(String(provider.inputs.clusterIdentifier), /^arn:aws:eks:/);
      assert.equal(provider.inputs.enableSecretMutable, "true");
      assert.equal(provider.inputs.enableConfigMapMutable, "true");
      assert.ok(provider.propertyDependencies.clusterIdentifier?.includes(cluster.urn));
      assertWaits(graph, provider, [
        ...graph.ofType("aws:eks/accessPolicyAssociation:AccessPolicyAssociation"),
        addon(graph, "vpc-cni"),
        ...nodeGroups(graph, "system"),
        ...nodeGroups(graph, "cpu"),
      ]);
      const waited = new Set(graph.dependenciesOf(provider));
      for (const group of [...nodeGroups(graph, "gpu"), ...nodeGroups(graph, "data")]) {
        assert.ok(!waited.has(group), `the provider waits for ${group.name}`);
      }
    });

    it("starts nodes once they can reach the world, and lets them leave before that way is gone", () => {
      const ways = [
        ...graph.ofType("aws:ec2/natGateway:NatGateway"),
        ...graph.ofType("aws:ec2/route:Route"),
        ...graph
          .ofType("aws:ec2/routeTableAssociation:RouteTableAssociation")
          .filter(({ name }) => !/-data-/.test(name)),
      ];
      assert.ok(ways.length > 6);
      for (const group of graph.ofType(NODE_GROUP)) {
        const pool = group.name.replace(/-nodes.*$/, "");
        const attachments = graph
          .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
          .filter(({ name }) => name.startsWith(`${pool}-role-`));
        assert.equal(attachments.length, 3, pool);
        assertWaits(graph, group, [...ways, ...attachments, addon(graph, "vpc-cni")]);
      }
    });

    it("makes the cluster after its role's rights and its log group", () => {
      const rights = graph.resources.filter(
        ({ type, name }) => /^aws:iam\/rolePolicy/.test(type) && /^cluster-role-/.test(name),
      );
      assert.equal(rights.length, 2);
      assertWaits(graph, graph.one("aws:eks/cluster:Cluster"), [
        ...rights,
        graph.one("aws:cloudwatch/logGroup:LogGroup", "cluster-logs"),
      ]);
    });

    it("has every AWS identity in place before the pods that use it, with the making of nodes between", () => {
      const users: Record<string, RecordedResource> = {
        "ebs-csi-identity-association": addon(graph, "aws-ebs-csi-driver"),
        "cluster-autoscaler-identity-association": release(graph, "cluster-autoscaler"),
        "load-balancer-controller-identity-association": release(graph, "aws-load-balancer-controller"),
        "cert-manager-identity-association": release(graph, "cert-manager"),
        "external-dns-identity-association": release(graph, "external-dns"),
        "langfuse-identity-association": release(graph, "langfuse"),
        "model-import-identity-association": modelImport(graph),
        "model-server-identity-association": modelServer(graph),
      };
      const associations = graph.ofType(ASSOCIATION);
      assert.deepEqual(associations.map(({ name }) => name).sort(), Object.keys(users).sort());
      for (const association of associations) {
        assertWaits(graph, users[association.name] as RecordedResource, [association]);
        const before = typesOf(graph.dependenciesOf(association));
        assert.ok(before.has("aws:eks/cluster:Cluster"));
        // A pod that is admitted right after its association never gets credentials.
        assert.ok(!before.has(NODE_GROUP), `${association.name} waits for nodes`);
      }
    });

    it("keeps controllers' identities from before the first node until after the last", () => {
      for (const role of ["ebs-csi", "cluster-autoscaler", "load-balancer-controller"]) {
        const association = graph.one(ASSOCIATION, `${role}-identity-association`);
        for (const group of graph.ofType(NODE_GROUP)) assertWaits(graph, group, [association]);
      }
    });

    it("makes namespaces, Secrets, accounts, policies and identities without waiting for stores and controllers", () => {
      const early = graph.resources.filter(({ type }) => {
        const kind = type.split(":").at(-1) ?? "";
        if (["Namespace", "Secret", "ServiceAccount", "ConfigMap", "NetworkPolicy", "PriorityClass"].includes(kind)) {
          return type.startsWith("kubernetes:");
        }
        return type === ASSOCIATION || type.startsWith("aws:iam/");
      });
      assert.ok(early.length > 100);
      for (const resource of early) {
        const before = graph.dependenciesOf(resource);
        const late = before.filter(({ type }) => [...STORES, KEEPER, RELEASE].includes(type));
        assert.deepEqual(
          late.map(({ name }) => name),
          // The ingress controller reads it while it runs: it may say a new password only once Redis knows it.
          resource.name === "model-gateway-secret-model-gateway-limit" ? ["redis-group"] : [],
          `${resource.name} waits for too much`,
        );
      }
    });

    it("makes stores beside the cluster's nodes, not after them", () => {
      for (const type of STORES.slice(0, 2)) {
        const before = typesOf(graph.dependenciesOf(graph.one(type)));
        assert.ok(!before.has(NODE_GROUP) && !before.has("pulumi:providers:kubernetes"), `${type} waits for nodes`);
      }
    });

    it("runs migrations between the stores and the release, and the smoke Job behind it", () => {
      const job = (name: string) => graph.one("kubernetes:batch/v1:Job", name);
      const langfuse = release(graph, "langfuse");
      assertWaits(
        graph,
        job("langfuse-roles"),
        STORES.slice(0, 1).map((type) => graph.one(type)),
      );
      const stores = STORES.map((type) => graph.one(type));
      const [database, redis, clickhouse] = stores;
      const migrated = stores.filter((store) => store !== redis);
      assertWaits(graph, job("langfuse-migrations"), [job("langfuse-roles"), ...migrated]);
      assertWaits(graph, langfuse, [job("langfuse-migrations"), ...stores]);
      const unneeded: [RecordedResource, (RecordedResource | undefined)[]][] = [
        [job("langfuse-roles"), [redis, clickhouse, graph.one(KEEPER)]],
        [job("langfuse-migrations"), [redis]],
        [graph.one("kubernetes:keda.sh/v1alpha1:TriggerAuthentication"), [database, redis, clickhouse, langfuse]],
      ];
      for (const [early, late] of unneeded) {
        const before = new Set(graph.dependenciesOf(early));
        for (const each of late) assert.ok(each && !before.has(each), `${early.name} waits for ${each?.name}`);
      }
      assertWaits(graph, job("langfuse-smoke"), [langfuse]);
      const policies = graph
        .ofType("kubernetes:networking.k8s.io/v1:NetworkPolicy")
        .filter(({ inputs }) => (inputs.metadata as { namespace: string }).namespace === "langfuse");
      assertWaits(graph, job("langfuse-roles"), policies);
    });

    it("takes no longer than the chain that nothing can shorten", () => {
      assert.deepEqual(chainOf(graph), [
        ...CHAIN_TO_NODES,
        // Weights come through the cluster's DNS, and machines with GPUs meanwhile.
        "add-on coredns",
        "Job",
        "Deployment",
      ]);
    });

    it("without models takes no longer than Langfuse's chain", async () => {
      const changes = { llm: undefined, "nodePools.gpu.minSize": 0 };
      assert.deepEqual(chainOf((await variantOf(stack, changes)).graph), [
        ...CHAIN_TO_NODES,
        // The driver looks for the snapshot API when it starts, so that it comes second.
        "add-on snapshot-controller",
        "add-on aws-ebs-csi-driver",
        "ClickHouseKeeperInstallation",
        "ClickHouseInstallation",
        "Job",
        "release langfuse",
      ]);
    });

    it("destroys what a controller must clean up before that controller", () => {
      const custom = (kind: string) => graph.resources.filter(({ type }) => type.endsWith(`:${kind}`));
      const controllers: Record<string, string> = {
        ScaledObject: "keda",
        TriggerAuthentication: "keda",
        TargetGroupBinding: "aws-load-balancer-controller",
        ClickHouseInstallation: "clickhouse-operator",
        ClickHouseKeeperInstallation: "clickhouse-operator",
        Ingress: "traefik",
        IngressRoute: "traefik",
        Middleware: "traefik",
        ServiceMonitor: "prometheus-operator-crds",
        PodMonitor: "prometheus-operator-crds",
      };
      for (const [kind, controller] of Object.entries(controllers)) {
        const objects = custom(kind);
        assert.notEqual(objects.length, 0, kind);
        for (const object of objects) assertWaits(graph, object, [release(graph, controller)]);
      }
      // Autoscalers read metrics: the API behind them goes last.
      for (const object of custom("ScaledObject")) assertWaits(graph, object, [addon(graph, "metrics-server")]);
      assertWaits(graph, graph.one(CLICKHOUSE), [graph.one(KEEPER), ...nodeGroups(graph, "data")]);
      // Prometheus and Alertmanager own volumes in the zones of these nodes.
      assertWaits(graph, release(graph, "kube-prometheus-stack"), nodeGroups(graph, "data"));
      // Otherwise external-dns would see the Ingress without the record that it must leave alone.
      for (const ingress of custom("Ingress")) assertWaits(graph, ingress, graph.ofType("aws:route53/record:Record"));
      for (const claim of [graph.one(CLICKHOUSE), graph.one(KEEPER), release(graph, "kube-prometheus-stack")]) {
        assertWaits(graph, claim, [addon(graph, "aws-ebs-csi-driver")]);
      }
    });

    it("keeps nodes, rights and ways out until the last Kubernetes object is gone", () => {
      const needed = [...nodeGroups(graph, "system"), ...nodeGroups(graph, "cpu"), addon(graph, "vpc-cni")];
      for (const object of graph.resources.filter(({ type, custom }) => custom && type.startsWith("kubernetes:"))) {
        assertWaits(graph, object, needed);
      }
    });

    it("gives every release a name, a place, a version and a patient, tidy installation", () => {
      for (const { name, inputs } of graph.ofType(RELEASE)) {
        for (const key of ["name", "namespace", "version"])
          assert.equal(typeof inputs[key], "string", `${name} ${key}`);
        assert.match(String(inputs.version), /^v?\d+\.\d+\.\d+$/, name);
        assert.ok(Number(inputs.timeout) >= 300, `${name} timeout`);
        assert.equal(inputs.waitForJobs, true, name);
        assert.equal(inputs.cleanupOnFail, true, name);
        assert.notEqual(inputs.skipAwait, true, name);
      }
    });
  });
}
