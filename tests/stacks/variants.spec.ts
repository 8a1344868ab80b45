import assert from "node:assert/strict";
import { planErrors } from "../../preview/checks";
import type { Graph } from "../support/graph";
import { revealed } from "../support/graph";
import { recordedVariant, VARIANTS, type VariantName } from "../support/variants";

const RELEASE = "kubernetes:helm.sh/v3:Release";

interface LangfuseValues {
  readonly clickhouse: { readonly host: string; readonly httpPort: number; readonly nativePort: number };
  readonly s3: { readonly forcePathStyle: boolean };
}

async function graphOf(name: VariantName): Promise<Graph> {
  return (await recordedVariant(name)).graph;
}

function releases(graph: Graph): Record<string, Record<string, unknown>> {
  return Object.fromEntries(graph.ofType(RELEASE).map(({ inputs }) => [String(inputs.name), inputs]));
}

function langfuseValues(graph: Graph): LangfuseValues {
  return revealed(releases(graph).langfuse?.values) as LangfuseValues;
}

function kinds(graph: Graph, kind: string) {
  return graph.resources.filter(({ type }) => type.endsWith(`:${kind}`));
}

describe("variants of a stack", () => {
  for (const name of Object.keys(VARIANTS) as VariantName[]) {
    it(`builds: ${name}`, async () => {
      const { recording } = await recordedVariant(name);
      assert.deepEqual(planErrors(recording), []);
    });
  }

  it("with the alb controller lets AWS stand in for load balancer, controller and cert-manager", async () => {
    const graph = await graphOf("alb controller");
    assert.deepEqual(kinds(graph, "LoadBalancer"), []);
    assert.equal(releases(graph).traefik, undefined);
    assert.equal(releases(graph)["cert-manager"], undefined);
    assert.equal(kinds(graph, "Certificate").length, 1);
    const [ingress] = kinds(graph, "Ingress");
    assert.ok(ingress);
    assert.equal((ingress.inputs.spec as { ingressClassName: string }).ingressClassName, "alb");
    const [controller] = graph.ofType(RELEASE).filter(({ inputs }) => inputs.name === "aws-load-balancer-controller");
    assert.ok(controller && graph.waitsFor(ingress, controller));
  });

  it("L52: with http01 proofs lets the authority reach the solver's pods", async () => {
    const graph = await graphOf("http01 proofs");
    const policies = kinds(graph, "NetworkPolicy").filter(({ name }) => /solver/.test(name));
    // Two ends for Langfuse's name, two for that of the models.
    assert.equal(policies.length, 4);
    const [issuer] = kinds(graph, "ClusterIssuer");
    assert.match(JSON.stringify(issuer?.inputs), /"http01":/);
  });

  it("L52: with dns01 proofs waits for cert-manager before it asks for issuers", async () => {
    for (const name of ["dns01 proofs in a zone of our own", "dns01 proofs on Cloudflare, unmonitored"] as const) {
      const graph = await graphOf(name);
      const [issuer] = kinds(graph, "ClusterIssuer");
      const [certManager] = graph.ofType(RELEASE).filter(({ inputs }) => inputs.name === "cert-manager");
      assert.ok(issuer && certManager && graph.waitsFor(issuer, certManager), name);
    }
  });

  it("with ClickHouse over TLS speaks TLS from end to end, on ports that the policies open", async () => {
    const graph = await graphOf("private authority and ClickHouse over TLS");
    const { clickhouse } = langfuseValues(graph);
    assert.deepEqual([clickhouse.httpPort, clickhouse.nativePort], [8443, 9440]);
    assert.match(clickhouse.host, /^https:\/\/clickhouse-langfuse\.langfuse-data\./);
    const [server] = kinds(graph, "ClickHouseInstallation");
    const certificates = kinds(graph, "Certificate");
    assert.ok(server && certificates.some((certificate) => graph.waitsFor(server, certificate)));
    const opened = kinds(graph, "NetworkPolicy").filter(({ inputs }) => /"port":8443\b/.test(JSON.stringify(inputs)));
    assert.ok(opened.some(({ name }) => /web-clickhouse-egress/.test(name)));
    // Both sides trust the authority by its certificate, which lies in Langfuse's own namespace.
    assert.match(JSON.stringify(releases(graph).langfuse?.values), /NODE_EXTRA_CA_CERTS/);
  });

  it("with External Secrets fills the application's Secret from the recovery copy before anybody reads it", async () => {
    const graph = await graphOf("Langfuse 4 with External Secrets");
    const [external] = kinds(graph, "ExternalSecret");
    const migrations = graph.one("kubernetes:batch/v1:Job", "langfuse-migrations");
    assert.ok(external && graph.waitsFor(migrations, external));
    const names = graph
      .ofType("kubernetes:core/v1:Secret")
      .map(({ inputs }) => (inputs.metadata as { name: string }).name);
    assert.ok(!names.includes("langfuse-app-credentials"), "two owners of one Secret");
  });

  it("with existing stores makes none, and still runs on a cluster of its own", async () => {
    const graph = await graphOf("existing stores on a cluster of our own");
    for (const type of ["aws:rds/instance:Instance", "aws:elasticache/replicationGroup:ReplicationGroup"]) {
      assert.deepEqual(graph.ofType(type), []);
    }
    assert.deepEqual(kinds(graph, "ClickHouseInstallation"), []);
    assert.deepEqual(
      graph.ofType("aws:s3/bucket:Bucket").map(({ name }) => name),
      ["network-flow-logs", "model-store-models-bucket"],
    );
    assert.equal(langfuseValues(graph).s3.forcePathStyle, true);
    assert.equal(graph.ofType("aws:eks/cluster:Cluster").length, 1);
  });

  it("with two shards gives Langfuse the first one alone", async () => {
    const graph = await graphOf("two shards and a shared file system");
    const { clickhouse } = langfuseValues(graph);
    assert.equal(clickhouse.host, "shard-langfuse-default-0.langfuse-data.svc.cluster.local");
    for (const { name, inputs } of graph.ofType("kubernetes:batch/v1:Job")) {
      const text = JSON.stringify(inputs);
      assert.ok(!/clickhouse-langfuse\.|shard-langfuse-default-1/.test(text), `${name} reaches another shard`);
    }
  });

  it("without NAT lets nodes wait for every endpoint instead", async () => {
    const graph = await graphOf("no NAT gateway, all from mirrors");
    assert.deepEqual(kinds(graph, "NatGateway"), []);
    const endpoints = kinds(graph, "VpcEndpoint");
    assert.equal(endpoints.length, 12);
    for (const group of kinds(graph, "NodeGroup")) {
      for (const endpoint of endpoints) assert.ok(graph.waitsFor(group, endpoint), `${group.name}: ${endpoint.name}`);
    }
  });

  it("without NAT leaves out external-dns, which would not reach Route 53, and keeps the record of Langfuse", async () => {
    const graph = await graphOf("no NAT gateway, all from mirrors");
    assert.equal(releases(graph)["external-dns"], undefined);
    assert.deepEqual(
      graph.resources.filter(({ name }) => /external-dns/.test(name)).map(({ urn }) => urn),
      [],
    );
    assert.notEqual(kinds(graph, "Record").length, 0);
  });

  it("with a shared file system makes its class after driver and mount targets", async () => {
    const graph = await graphOf("two shards and a shared file system");
    const storage = graph.one("kubernetes:storage.k8s.io/v1:StorageClass", "storage-distributed-fast");
    const driver = graph.one("aws:eks/addon:Addon", "addons-aws-efs-csi-driver");
    for (const each of [driver, ...kinds(graph, "MountTarget")]) assert.ok(graph.waitsFor(storage, each), each.name);
    assert.equal(kinds(graph, "MountTarget").length, 3);
    assert.ok(
      graph.waitsFor(
        driver,
        graph.one("aws:eks/podIdentityAssociation:PodIdentityAssociation", "efs-csi-identity-association"),
      ),
    );
  });

  it("with a zone of its own delegates to it, and proves nothing before anybody does", async () => {
    const delegated = await graphOf("dns01 proofs in a zone of our own");
    assert.equal(kinds(delegated, "Zone").length, 1);
    assert.ok(
      kinds(delegated, "Record").some(({ inputs }) => inputs.type === "NS" && inputs.zoneId === "ZPARENT0123456789"),
    );
    assert.notEqual(kinds(delegated, "ClusterIssuer").length, 0);
    const alone = await graphOf("new account, two regions, a zone that nobody delegates to");
    assert.deepEqual(kinds(alone, "ClusterIssuer"), []);
    const [stack] = alone.ofType("pulumi:pulumi:Stack");
    assert.ok(Array.isArray(stack?.outputs?.nameServers));
  });

  it("runs Langfuse 4 from its own chart and images", async () => {
    const { langfuse } = releases(await graphOf("Langfuse 4 with External Secrets"));
    assert.match(String(langfuse?.version), /^2\./);
    assert.match(JSON.stringify(langfuse?.values), /"tag":"4\.4\.0"/);
  });

  it("copies a bucket to its second region, encrypted by a key there", async () => {
    const graph = await graphOf("new account, two regions, a zone that nobody delegates to");
    const [replication] = kinds(graph, "BucketReplicationConfig");
    const abroad = graph.resources.filter(({ inputs }) => inputs.region === "us-west-2");
    assert.ok(replication);
    for (const type of ["aws:s3/bucket:Bucket", "aws:kms/key:Key"]) {
      assert.equal(abroad.filter((resource) => resource.type === type).length, 1, type);
    }
  });

  it("keeps a private entry private", async () => {
    const graph = await graphOf("F5 NGINX behind a private entry");
    assert.equal(graph.one("aws:lb/loadBalancer:LoadBalancer").inputs.internal, true);
    const open = kinds(graph, "SecurityGroupIngressRule").map(({ inputs }) => inputs.cidrIpv4);
    assert.deepEqual([...new Set(open.filter((cidr) => cidr !== undefined))], ["10.0.0.0/8"]);
  });

  it("without monitoring makes nothing that only a monitor knows", async () => {
    const graph = await graphOf("dns01 proofs on Cloudflare, unmonitored");
    assert.deepEqual(kinds(graph, "ServiceMonitor"), []);
    const names = Object.keys(releases(graph));
    assert.ok(!names.some((name) => /prometheus/.test(name)), names.join());
    assert.doesNotMatch(
      JSON.stringify(Object.values(releases(graph)).map(({ values }) => values)),
      /"serviceMonitor":\{[^}]*"enabled":true/i,
    );
  });

  it("gives every role what the account demands, and stores wait for the account's own roles", async () => {
    const graph = await graphOf("new account, two regions, a zone that nobody delegates to");
    for (const { name, inputs } of graph.ofType("aws:iam/role:Role")) {
      assert.equal(inputs.permissionsBoundary, "arn:aws:iam::111111111111:policy/boundary", name);
      assert.equal(inputs.path, "/platform/", name);
    }
    const linked = kinds(graph, "ServiceLinkedRole");
    assert.equal(linked.length, 2);
    const [redis] = kinds(graph, "ReplicationGroup");
    assert.ok(redis);
    for (const role of linked) assert.ok(graph.waitsFor(redis, role), role.name);
  });
});
