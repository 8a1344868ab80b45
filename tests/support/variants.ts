import type { Changes } from "./settings";
import { type RecordedStack, type StackName, variantOf } from "./stacks";

/** A committed stack with other choices. */
export interface Variant {
  readonly stack: StackName;
  readonly changes: Changes;
}

const existingPostgres = {
  "postgres.create": undefined,
  "postgres.existing": { host: "postgres.example.net", username: "langfuse", secretName: "external-postgres" },
};
const existingRedis = {
  "redis.create": undefined,
  "redis.existing": { host: "redis.example.net", secretName: "external-redis" },
};
const existingClickHouse = {
  "clickhouse.create": undefined,
  "clickhouse.existing": { host: "clickhouse.example.net", secretName: "external-clickhouse" },
};

/** Keys of an S3-compatible service, in a Secret that somebody else makes. */
function existingBuckets(): Changes {
  const existing = {
    endpoint: "https://minio.example.net",
    forcePathStyle: true,
    credentials: { secretName: "external-buckets" },
  };
  return Object.fromEntries(
    ["events", "media", "exports", "backups"].flatMap((use) => [
      [`buckets.${use}.create`, undefined],
      [`buckets.${use}.existing`, { name: `platform-${use}`, ...existing }],
    ]),
  );
}

const existingStores = { ...existingPostgres, ...existingRedis, ...existingClickHouse, ...existingBuckets() };

const ENDPOINTS = [
  "ecr.api",
  "ecr.dkr",
  "sts",
  "eks",
  "eks-auth",
  "ec2",
  "elasticloadbalancing",
  "autoscaling",
  "logs",
  "kms",
  "secretsmanager",
];

/** Where the variant without a way out takes charts and images from. */
export const MIRRORS = { charts: "./charts", images: "111111111111.dkr.ecr.us-east-1.amazonaws.com/mirror" };

/** Every big choice that the settings offer, away from what the committed stacks choose; several at once where they do not meet. */
export const VARIANTS = {
  "alb controller": { stack: "prod", changes: { ...ownDomain(), "ingress.controller": "alb" } },
  "F5 NGINX behind a private entry": {
    stack: "prod",
    changes: {
      "ingress.controller": "f5-nginx",
      "ingress.internal": true,
      "ingress.allowedCidrs": ["10.0.0.0/8"],
    },
  },
  "http01 proofs": { stack: "prod", changes: { ...ownDomain(), "certificates.solver": "http01" } },
  "dns01 proofs in a zone of our own": {
    stack: "prod",
    changes: { ...ownDomain(), "dns.zoneId": undefined, "dns.create": { parentZoneId: "ZPARENT0123456789" } },
  },
  "dns01 proofs on Cloudflare, unmonitored": {
    stack: "prod",
    changes: {
      ...ownDomain(),
      "certificates.dnsProvider": "cloudflare",
      "secrets.cloudflareToken": "cloudflare-token-of-the-test",
      "monitoring.prometheus.enabled": false,
    },
  },
  "private authority and ClickHouse over TLS": {
    stack: "prod",
    changes: { "certificates.issuer": "selfSigned", "certificates.email": undefined, "clickhouse.create.tls": true },
  },
  "Langfuse 4 with External Secrets": {
    stack: "prod",
    changes: { "langfuse.version": "4.4.0", "externalSecrets.enabled": true },
  },
  "existing stores on a cluster of our own": { stack: "prod", changes: existingStores },
  "existing cluster": {
    stack: "prod",
    changes: {
      ...existingStores,
      network: undefined,
      dns: undefined,
      nodePools: undefined,
      "cluster.create": undefined,
      "cluster.existing": { name: "theirs" },
      "certificates.solver": "http01",
      "secrets.kubeconfig": '{"apiVersion":"v1","kind":"Config","users":[{"token":"token-of-the-test"}]}',
    },
  },
  "two shards and a shared file system": {
    stack: "staging",
    changes: {
      "clickhouse.create.shards": 2,
      "clickhouse.create.replicas": 2,
      "storage.sharedFileSystem.enabled": true,
    },
  },
  "no NAT gateway, all from mirrors": {
    stack: "prod",
    changes: {
      "network.create.natGateways": "none",
      "network.create.interfaceEndpoints": ENDPOINTS,
      "images.mirror": MIRRORS.images,
      "charts.mirror": MIRRORS.charts,
      "certificates.issuer": "none",
      "certificates.email": undefined,
    },
  },
  "new account, two regions, a zone that nobody delegates to": {
    stack: "prod",
    changes: {
      ...ownDomain(),
      "dns.zoneId": undefined,
      "dns.create": {},
      "buckets.media.create.replicationRegion": "us-west-2",
      serviceLinkedRoles: ["spot.amazonaws.com", "elasticache.amazonaws.com"],
      "iam.permissionsBoundaryArn": "arn:aws:iam::111111111111:policy/boundary",
      "iam.path": "/platform/",
    },
  },
} as const satisfies Record<string, Variant>;
export type VariantName = keyof typeof VARIANTS;

const recorded = new Map<VariantName, Promise<RecordedStack>>();

/** A variant, recorded once in a run of the tests. */
export function recordedVariant(name: VariantName): Promise<RecordedStack> {
  const { stack, changes } = VARIANTS[name];
  const known = recorded.get(name) ?? variantOf(stack, changes);
  recorded.set(name, known);
  return known;
}

/** A domain that could be somebody's; the committed stacks name one that nobody can have, for which nothing is proven. */
function ownDomain(): Changes {
  return {
    "langfuse.host": "langfuse.platform.acme-corp.io",
    "dns.domain": "platform.acme-corp.io",
    "certificates.email": "platform@acme-corp.io",
    "langfuse.initialization.user.email": "admin@acme-corp.io",
  };
}
