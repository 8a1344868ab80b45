import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import * as components from "../../components";
import type { RecordedResource } from "../../preview/recorder";
import { graphOf } from "../support/graph";
import { explicitProviders } from "../support/providers";
import { minimalArgs } from "./langfuse/langfuse-fixtures";
import { DELIVERY_MAKERS } from "./makers/delivery";
import { LLM_MAKERS } from "./makers/llm";
import type { Make } from "./makers/make";
import { PLATFORM_MAKERS } from "./makers/platform";

const KEY = "arn:aws:kms:us-east-1:111111111111:key/1";
const REGION = "us-east-1";
const CLUSTER = { clusterName: "main-1", region: REGION, kubernetesVersion: "1.35" };
const SUBNETS = ["subnet-a", "subnet-b", "subnet-c"];
const ZONES = ["us-east-1a", "us-east-1b", "us-east-1c"];
const CLIENTS = { vpcId: "vpc-1", subnetIds: SUBNETS, clientSecurityGroupIds: { cluster: "sg-1" }, kmsKeyArn: KEY };
const RESOURCES = { requests: { cpu: "1", memory: "8Gi" }, limits: { cpu: "1", memory: "8Gi" } };
const PASSWORDS = { create: { passwordA: "passwordA" } };
const secretKey = (name: string) => ({ secretName: name, secretKey: "password" });

/** Every component of the package, with the least that makes something. */
const MAKERS: Record<string, Make> = {
  ...PLATFORM_MAKERS,
  ...LLM_MAKERS,
  ...DELIVERY_MAKERS,
  AcmCertificate: (name, options) =>
    new components.AcmCertificate(name, { hosts: ["a.example.com"], zoneId: "Z1" }, options),
  Bucket: (name, options) =>
    new components.Bucket(name, { create: { purpose: name, kmsKeyArn: KEY, durable: true } }, options),
  CertManager: (name, options) => new components.CertManager(name, { namespace: "cert-manager" }, options),
  CertificateIssuers: (name, options) =>
    new components.CertificateIssuers(
      name,
      { enabled: true, certManagerReady: "ready", namespace: "cert-manager", selfSigned: {} },
      options,
    ),
  ClickHouse: (name, options) =>
    new components.ClickHouse(
      name,
      {
        namespace: name,
        installation: "events",
        shards: 1,
        replicas: 3,
        zones: 3,
        keeperNodes: ["keeper-0", "keeper-1", "keeper-2"],
        defaultPassword: secretKey("default"),
        interserverSecret: secretKey("interserver"),
        resources: RESOURCES,
        storage: { size: "100Gi", storageClass: "fast-ssd" },
        durable: true,
        operatorReady: "ready",
      },
      options,
    ),
  ClickHouseKeeper: (name, options) =>
    new components.ClickHouseKeeper(
      name,
      {
        namespace: name,
        installation: "events",
        replicas: 3,
        storage: { size: "20Gi", storageClass: "fast-ssd" },
        durable: true,
        operatorReady: "ready",
      },
      options,
    ),
  ClickHouseOperator: (name, options) =>
    new components.ClickHouseOperator(name, { namespace: name, operatorPassword: "hunter2" }, options),
  ClientCertificate: (name, options) =>
    new components.ClientCertificate(
      name,
      { namespace: name, secretName: "client", commonName: "apps", issuerName: "platform-ca", issuerReady: "ready" },
      options,
    ),
  Cluster: (name, options) =>
    new components.Cluster(
      name,
      {
        kubernetesVersion: "1.35",
        region: REGION,
        subnetIds: SUBNETS,
        endpoint: { publicAccessCidrs: ["203.0.113.0/24"] },
        durable: true,
      },
      options,
    ),
  ClusterAddons: (name, options) => new components.ClusterAddons(name, CLUSTER, options),
  ClusterAutoscaler: (name, options) => new components.ClusterAutoscaler(name, CLUSTER, options),
  DnsZone: (name, options) =>
    new components.DnsZone(name, { create: { domain: "example.com", durable: true } }, options),
  EncryptionKey: (name, options) =>
    new components.EncryptionKey(
      name,
      { description: "Data", accountId: "111111111111", region: REGION, durable: true },
      options,
    ),
  ExternalDns: (name, options) =>
    new components.ExternalDns(
      name,
      { namespace: "external-dns", ownerId: name, region: REGION, zoneIds: ["Z1"], domains: ["example.com"] },
      options,
    ),
  ExternalSecrets: (name, options) =>
    new components.ExternalSecrets(
      name,
      {
        namespace: name,
        region: REGION,
        secrets: {
          app: {
            namespace: name,
            secretName: "app",
            sourceArn: "arn:aws:secretsmanager:us-east-1:111111111111:secret:app-AbCdEf",
            keys: { salt: "salt" },
          },
        },
      },
      options,
    ),
  IngressController: (name, options) => new components.IngressController(name, { namespace: name }, options),
  Keda: (name, options) => new components.Keda(name, { namespace: name }, options),
  Langfuse: (name, options) =>
    new components.Langfuse(name, { ...minimalArgs(), namespace: name, releaseName: name }, options),
  LangfuseCredentials: (name) => new components.LangfuseCredentials(name, { durable: true }),
  LangfuseSecrets: (name, options) =>
    new components.LangfuseSecrets(
      name,
      {
        namespace: name,
        postgres: PASSWORDS,
        clickhouse: PASSWORDS,
        app: { create: { salt: "salt", encryptionKey: "key", nextAuthSecret: "secret" } },
      },
      options,
    ),
  LoadBalancerController: (name, options) =>
    new components.LoadBalancerController(name, { ...CLUSTER, vpcId: "vpc-1" }, options),
  Monitoring: (name, options) =>
    new components.Monitoring(
      name,
      {
        namespace: name,
        prometheus: { retentionDays: 3, size: "20Gi", storageClass: "gp3" },
        crdsReady: "ready",
      },
      options,
    ),
  Network: (name, options) =>
    new components.Network(name, { region: REGION, create: { cidr: "10.20.0.0/16", zones: ZONES } }, options),
  NodePool: (name, options) =>
    new components.NodePool(
      name,
      {
        ...CLUSTER,
        subnetIds: SUBNETS,
        zones: ZONES,
        perZone: true,
        instanceTypes: ["r7i.large"],
        minSize: 1,
        maxSize: 2,
      },
      options,
    ),
  Postgres: (name, options) =>
    new components.Postgres(
      name,
      {
        create: {
          ...CLIENTS,
          engineVersion: "16",
          instanceClass: "db.m7g.large",
          allocatedStorageGiB: 100,
          multiAz: true,
          backupRetentionDays: 30,
          masterPassword: "mustStaySecret",
          durable: true,
        },
      },
      options,
    ),
  PriorityClasses: (name, options) => new components.PriorityClasses(name, { prefix: name }, options),
  PrometheusOperatorCrds: (name, options) => new components.PrometheusOperatorCrds(name, { namespace: name }, options),
  PublicEntry: (name, options) =>
    new components.PublicEntry(
      name,
      {
        vpcId: "vpc-1",
        subnetIds: SUBNETS,
        allowedCidrs: ["0.0.0.0/0"],
        clusterSecurityGroupId: "sg-1",
        target: {
          namespace: name,
          ...(components.ingressContract(components.IngressControllerKind.Traefik) ?? assert.fail()),
        },
        loadBalancerControllerReady: "ready",
        dns: { zoneId: "Z1", hosts: ["langfuse.example.com"] },
        durable: true,
      },
      options,
    ),
  RecoverySecret: (name, options) =>
    new components.RecoverySecret(
      name,
      { description: "Secrets", values: { salt: pulumi.secret("mustStaySecret") }, kmsKeyArn: KEY, durable: true },
      options,
    ),
  Redis: (name, options) =>
    new components.Redis(
      name,
      {
        create: {
          ...CLIENTS,
          engine: components.RedisEngine.Valkey,
          engineVersion: "8.0",
          nodeType: "cache.m7g.large",
          replicas: 1,
          authToken: "mustStaySecret00",
          durable: true,
        },
      },
      options,
    ),
  SharedFileSystem: (name, options) =>
    new components.SharedFileSystem(
      name,
      { vpcId: "vpc-1", zones: ZONES, subnetIds: SUBNETS, clientSecurityGroupId: "sg-1", durable: true },
      options,
    ),
  StorageClasses: (name, options) => new components.StorageClasses(name, { durable: true }, options),
  WorkloadIdentity: (name, options) =>
    new components.WorkloadIdentity(
      name,
      {
        clusterName: "main-1",
        clusterArn: "arn:aws:eks:us-east-1:111111111111:cluster/main-1",
        namespace: name,
        serviceAccount: "reader",
        policy: '{"Statement":[]}',
      },
      options,
    ),
  WorkloadNamespace: (name, options) => new components.WorkloadNamespace(name, { namespace: name }, options),
};

/** What the package exports as a component. */
function exported(): string[] {
  return Object.entries(components).flatMap(([name, value]) =>
    typeof value === "function" && value.prototype instanceof pulumi.ComponentResource ? [name] : [],
  );
}

describe("two instances of a component, before anything is known", () => {
  it("are tried of every component", () => {
    assert.deepEqual(exported().sort(), Object.keys(MAKERS).sort());
  });

  for (const [component, make] of Object.entries(MAKERS)) {
    it(`of ${component} stand in one stack`, async () => {
      const graph = await graphOf(
        () => {
          const options = explicitProviders();
          make("one", options);
          make("two", options);
        },
        { outputs: "unknown" },
      );
      const kinds = (of: RecordedResource) => graph.childrenOf(of).map(({ type }) => type);
      const instances = ["one", "two"].map((name) => graph.component(component, name));
      const [first = [], second = []] = instances.map(kinds);
      assert.ok(first.length > 0, "nothing is made");
      assert.deepEqual(first, second);
      for (const instance of instances) {
        assert.notEqual(instance.outputs, undefined, "outputs are not registered");
        for (const { name, type, provider } of graph.childrenOf(instance)) {
          assert.ok(name.startsWith(instance.name), `${name} does not carry the name of its component`);
          const [package_] = type.split(":");
          // Components inside a component hand providers on to their own children, which are looked at as well.
          if (package_ !== "random" && package_ !== "llm-platform")
            assert.ok(provider.includes(`::${package_}::`), `${name}: provider ${provider}`);
        }
      }
    });
  }
});
