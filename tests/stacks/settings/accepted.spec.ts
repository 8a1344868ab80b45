import assert from "node:assert/strict";
import { Addons } from "../../../components/internal/addon-versions";
import { CREDENTIAL_RULES } from "../../../components/langfuse/credential-rules";
import { planErrors } from "../../../preview/checks";
import { SECRET_PLACEHOLDER } from "../../../stacks/settings";
import { SSO_SECRETS } from "../../../stacks/settings/sections/sso";
import type { Changes } from "../../support/settings";
import { type StackName, variantOf } from "../../support/stacks";

const REACHABLE = {
  "langfuse.host": "langfuse.platform.acme-corp.io",
  "llm.host": "api.platform.acme-corp.io",
  "dns.domain": "platform.acme-corp.io",
  "certificates.email": "platform@acme-corp.io",
};

const small = { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" } };

function ranges(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `198.51.${index}.0/24`);
}

const SEVEN_ZONES = ["a", "b", "c", "d", "e", "f", "g"].map((letter) => `us-east-1${letter}`);

const ADOPTED = {
  vpcId: "vpc-0123456789abcdef0",
  cidr: "10.50.0.0/16",
  zones: ["us-east-1a", "us-east-1b", "us-east-1c"],
  publicSubnetIds: ["subnet-00000001", "subnet-00000002", "subnet-00000003"],
  privateSubnetIds: ["subnet-00000004", "subnet-00000005", "subnet-00000006"],
  privateSubnetCidrs: ["10.50.0.0/18", "10.50.64.0/18", "10.50.128.0/18"],
  dataSubnetIds: ["subnet-00000007", "subnet-00000008", "subnet-00000009"],
  dataSubnetCidrs: ["10.50.192.0/22", "10.50.196.0/22", "10.50.200.0/22"],
};

const CONNECTED = { clientId: "id", issuer: "https://login.acme-corp.io" };
const SSO = {
  auth0: CONNECTED,
  azureAd: { clientId: "id", tenantId: "tenant" },
  cognito: CONNECTED,
  custom: { ...CONNECTED, name: "Acme" },
  github: { clientId: "id" },
  githubEnterprise: { clientId: "id", baseUrl: "https://github.acme-corp.io" },
  gitlab: { clientId: "id" },
  google: { clientId: "id", allowedDomains: "acme-corp.io" },
  keycloak: CONNECTED,
  okta: CONNECTED,
  workos: { clientId: "id", organizationId: "org" },
};

/** Corners of what the settings accept, as many in one stack as get along. */
const CORNERS: Record<string, { readonly stack: StackName; readonly changes: Changes }> = {
  "the largest of everything": {
    stack: "prod",
    changes: {
      "network.create.cidr": "10.16.0.0/16",
      "network.create.zones": SEVEN_ZONES,
      "cluster.create.serviceCidr": "10.32.0.0/12",
      "cluster.create.viewers": ["arn:aws:iam::111111111111:user/looks"],
      "cluster.create.logRetentionDays": 3653,
      "cluster.create.addonVersions": Object.fromEntries(
        Object.values(Addons).map((addon) => [addon, "v9.9.9-eksbuild.99"]),
      ),
      "postgres.create.maxAllocatedStorageGiB": 65536,
      "postgres.create.backupRetentionDays": 35,
      "redis.create.replicas": 5,
      "buckets.events.create": { expirationDays: 3650, noncurrentExpirationDays: 3650, replicationRegion: "eu-west-1" },
      "clickhouse.create.replicas": 5,
      "clickhouse.create.keepers": 5,
      "langfuse.web.autoscaling.cpuPercent": 95,
      "langfuse.worker.autoscaling.queueLength": 100000,
      "langfuse.ingress": { maxBodySizeMiB: 1024, readTimeoutSeconds: 3600, requestsPerMinutePerClient: 1000000 },
      "ingress.replicas": 50,
      "ingress.allowedCidrs": ranges(30),
      "monitoring.prometheus": { retentionDays: 3650, storageSize: "16Ti" },
      "storage.sharedFileSystem.enabled": true,
      rotation: { postgres: 100000, redis: 99999, clickhouse: 100000, application: 100000 },
    },
  },
  "the smallest of everything": {
    stack: "staging",
    changes: {
      "network.create.cidr": "10.30.0.0/20",
      "network.create.zones": ["use1-az1", "use1-az2"],
      "network.create.flowLogs": { retentionDays: 1 },
      "cluster.create.serviceCidr": "192.168.7.0/24",
      "cluster.create.logRetentionDays": 1,
      "nodePools.system.diskSizeGiB": 20,
      "postgres.create.allocatedStorageGiB": 20,
      "postgres.create.maxAllocatedStorageGiB": 22,
      "postgres.create.backupRetentionDays": 0,
      "buckets.exports.create": { expirationDays: 1, noncurrentExpirationDays: 1 },
      "clickhouse.create.replicas": 1,
      "clickhouse.create.keepers": 1,
      "clickhouse.create.storage.size": "10Gi",
      "langfuse.web": { autoscaling: { minReplicas: 1, maxReplicas: 1, cpuPercent: 10 }, resources: small },
      "langfuse.worker": {
        autoscaling: { minReplicas: 2, maxReplicas: 2, cpuPercent: 10, queueLength: 1 },
        resources: small,
        minAvailable: 1,
      },
      "langfuse.ingress": { maxBodySizeMiB: 1, readTimeoutSeconds: 1, requestsPerMinutePerClient: 1 },
      "langfuse.initialization": undefined,
      "ingress.replicas": 1,
      "monitoring.prometheus": { retentionDays: 1, storageSize: "2Gi" },
      "dns.domain": "langfuse.staging.example.com",
      "llm.host": "api.langfuse.staging.example.com",
    },
  },
  "everybody may sign in, and every secret is given": {
    stack: "prod",
    changes: {
      "langfuse.sso": SSO,
      "langfuse.smtp": { fromAddress: "langfuse@acme-corp.io" },
      "langfuse.environment": { LANGFUSE_CACHE_API_KEY_ENABLED: "true" },
      "langfuse.secretEnvironment": { OPENAI_API_KEY: "envOpenaiApiKey" },
      secrets: Object.fromEntries(
        [
          ...Object.keys(CREDENTIAL_RULES),
          ...Object.values(SSO_SECRETS),
          "smtpConnectionUrl",
          "langfuseLicenseKey",
          "envOpenaiApiKey",
        ].map((name) => [name, SECRET_PLACEHOLDER]),
      ),
    },
  },
  "an adopted network behind an internal ALB": {
    stack: "prod",
    changes: { ...REACHABLE, network: { existing: ADOPTED }, "ingress.controller": "alb", "ingress.internal": true },
  },
  "an ALB, and cert-manager for ClickHouse alone": {
    stack: "staging",
    changes: { "ingress.controller": "alb", "clickhouse.create.tls": true, "certificates.issuer": "none" },
  },
  "a Secret of somebody else's, no zone, no monitoring, no autoscaler": {
    stack: "prod",
    changes: {
      dns: undefined,
      "certificates.solver": "http01",
      "langfuse.existingSecret": { name: "own" },
      "monitoring.prometheus.enabled": false,
      "llm.models.chat.autoscaling": undefined,
      "autoscaling.clusterAutoscaler": false,
      "cluster.create.endpoint": { reachedPrivately: true },
    },
  },
  "a retired controller, durable with everything loosened": {
    stack: "prod",
    changes: {
      llm: undefined,
      allow: ["durableWithoutMultiAz", "durableWithoutBackups", "retiredIngressNginx"],
      "ingress.controller": "ingress-nginx",
      "postgres.create.multiAz": false,
      "postgres.create.backupRetentionDays": 0,
      "redis.create": { engine: "redis", engineVersion: "7.1", nodeType: "cache.t4g.small", replicas: 0 },
      "clickhouse.create.replicas": 1,
    },
  },
};

describe("accepted settings", () => {
  for (const [name, { stack, changes }] of Object.entries(CORNERS)) {
    it(`are ones that every component takes: ${name}`, async () => {
      const { recording } = await variantOf(stack, changes);
      assert.deepEqual(planErrors(recording), []);
    });
  }
});
