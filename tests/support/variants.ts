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

/** Without the section of models: what they ask of a stack is not there. */
const NO_MODELS: Changes = { llm: undefined, "nodePools.gpu.minSize": 0 };

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
      ...NO_MODELS,
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
      // Nobody measures the load of models then.
      "llm.models.chat.autoscaling": undefined,
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
  "existing stores on a cluster of our own": {
    stack: "prod",
    changes: { ...existingStores, "llm.gateway.redisSecretName": "external-redis-login" },
  },
  "existing cluster": {
    stack: "prod",
    changes: {
      ...existingStores,
      ...NO_MODELS,
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
  "models from git, behind a canary and in two colours, and web pods one first": {
    stack: "prod",
    changes: {
      "langfuse.web.rollout": { enabled: true },
      "delivery.argoCd.repository.url": "https://github.com/acme/models.git",
      "secrets.argoCdRepositoryPassword": "token-of-the-test",
      "llm.models": {
        chat: {
          model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
          engine: { tensorParallelSize: 2, maxModelLength: 4096 },
          autoscaling: { minReplicas: 3, maxReplicas: 6 },
          delivery: { canary: { alert: { type: "slack", secretName: "slack-hook" } } },
        },
        code: {
          model: { catalogue: "qwen2.5-7b-instruct", version: "1" },
          autoscaling: { minReplicas: 1, maxReplicas: 2 },
          delivery: { blueGreen: { activeColor: "blue", blue: {}, green: { engine: { maxModelLength: 8192 } } } },
        },
        git: {
          model: { catalogue: "qwen2.5-7b-instruct", version: "1" },
          delivery: { owner: "argocd" },
        },
      },
    },
  },
  "a model over two machines on Lustre behind the router, with an adapter, advice and traces": {
    stack: "prod",
    changes: {
      "llm.gateway.router.enabled": true,
      "llm.store": {
        lustre: {},
        imports: [{ model: "support", version: "1", source: { bucket: { name: "ours", prefix: "support/" } } }],
      },
      "llm.models.chat": {
        model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
        engine: { tensorParallelSize: 2, pipelineParallelSize: 2 },
        weights: { kind: "fsxLustre" },
        workload: "multiNode",
        nodesPerReplica: 2,
        autoscaling: { minReplicas: 1, maxReplicas: 3 },
        loraAdapters: [{ name: "support", model: "support", version: "1" }],
        tracing: { endpoint: "http://collector.monitoring.svc.cluster.local:4317" },
        advice: {},
      },
    },
  },
  "models behind a router, on several machines, and on every kind of volume": {
    stack: "prod",
    changes: {
      ...ownDomain(),
      "storage.sharedFileSystem.enabled": true,
      "nodePools.small": { instanceType: "g6.12xlarge", minSize: 0, maxSize: 4, zones: ["us-east-1a", "us-east-1b"] },
      "nodePools.shared": { instanceType: "g5.2xlarge", minSize: 0, maxSize: 2, capacityType: "spot" },
      "nodePools.fabric": {
        instanceType: "p4d.24xlarge",
        minSize: 0,
        maxSize: 2,
        zones: ["us-east-1a"],
        efa: true,
      },
      "llm.gpu": { scheduler: "managed", sharing: { shared: { timeSlicing: { replicas: 2 } } } },
      "llm.gateway": { router: { enabled: true, servers: ["chat", "mounted"] }, stickiness: "cookie" },
      "llm.access": {
        readers: ["arn:aws:iam::111111111111:role/reads"],
        operators: ["arn:aws:iam::111111111111:role/operates"],
      },
      "llm.store.lustre": { storageGiB: 2400, throughputPerTiB: 250, zone: "us-east-1a" },
      "llm.models": {
        chat: {
          model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
          engine: { tensorParallelSize: 2, maxModelLength: 4096 },
          autoscaling: { minReplicas: 0, maxReplicas: 6, wakeUp: "gateway", cpuPercent: 80 },
          tracing: { endpoint: "http://collector.monitoring.svc.cluster.local:4317" },
          promotion: { promotedBy: "platform@acme-corp.io", time: "2026-11-25T09:30:00Z" },
        },
        mounted: {
          model: { catalogue: "qwen2.5-32b-instruct-awq", version: "1" },
          nodePool: "small",
          engine: { tensorParallelSize: 2, maxModelLength: 4096 },
          weights: { kind: "s3Mount", s3Mount: { cacheSize: "50Gi" } },
          workload: "statefulSet",
          advice: {},
        },
        files: {
          model: { catalogue: "qwen2.5-7b-instruct", version: "1" },
          nodePool: "small",
          engine: { maxModelLength: 4096 },
          weights: { kind: "efs" },
          spread: "required",
        },
        groups: {
          model: { catalogue: "qwen2.5-72b-instruct-awq", version: "1" },
          nodePool: "fabric",
          engine: { tensorParallelSize: 8, pipelineParallelSize: 2, maxModelLength: 4096 },
          workload: "multiNode",
          nodesPerReplica: 2,
          weights: { kind: "fsxLustre" },
        },
        tiny: {
          model: {
            facts: {
              parametersBillions: 1.5,
              layers: 28,
              attentionHeads: 12,
              keyValueHeads: 2,
              headDimension: 128,
              maxPositionEmbeddings: 32768,
            },
            version: "1",
          },
          nodePool: "shared",
          image: `registry.acme-corp.io/models/tiny@sha256:${"a".repeat(64)}`,
          engine: { maxModelLength: 2048, gpuMemoryUtilization: 0.45 },
          resources: { requests: { cpu: "2", memory: "8Gi" }, limits: { cpu: "4", memory: "10Gi" } },
          weights: { kind: "image", image: { path: "/models/tiny" } },
        },
      },
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
      "llm.models.chat.source": { bucket: { name: "weights-of-ours", prefix: "chat/" } },
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
    "llm.host": "api.platform.acme-corp.io",
    "dns.domain": "platform.acme-corp.io",
    "certificates.email": "platform@acme-corp.io",
    "langfuse.initialization.user.email": "admin@acme-corp.io",
  };
}
