/** Where a box of the picture stands. */
export const Areas = {
  Internet: "internet",
  Entry: "entry",
  Ingress: "ingress",
  Langfuse: "langfuse",
  Models: "models",
  Delivery: "delivery",
  Database: "database",
  Operations: "operations",
  Data: "data",
  Secrets: "secrets",
  Foundation: "foundation",
  Other: "other",
} as const;
export type Areas = (typeof Areas)[keyof typeof Areas];

/** Rows of the picture from top to bottom: data flows downwards. */
export const AREA_ROWS: Readonly<Record<Areas, number>> = {
  internet: 0,
  entry: 1,
  ingress: 2,
  langfuse: 3,
  database: 4,
  data: 4,
  models: 5,
  operations: 6,
  delivery: 7,
  secrets: 3,
  foundation: 8,
  other: 9,
};

/** How a component class is drawn. */
export interface Box {
  readonly area: Areas;
  /** Row of the picture, if not that of the area (`AREA_ROWS`); takes the box out of the area's grid. */
  readonly row?: number;
  readonly label: string;
  /** What it is for, in one line that a newcomer understands. */
  readonly purpose: string;
  /** Drawn as these parts instead, each a box of its own: `web` of `Langfuse` is `Langfuse.web` in the arrows. */
  readonly parts?: Readonly<Record<string, { readonly label: string; readonly purpose: string }>>;
}

/** Every component class of the package, as a newcomer should see it; within a row from left to right. */
export const BOXES: Readonly<Record<string, Box>> = {
  PublicEntry: { area: Areas.Entry, label: "Load balancer", purpose: "the one public door (NLB)" },
  DnsZone: { area: Areas.Entry, label: "DNS zone", purpose: "host names (Route 53)" },
  AcmCertificate: { area: Areas.Entry, label: "ACM certificate", purpose: "TLS of the load balancer" },
  LoadBalancerController: {
    area: Areas.Ingress,
    label: "Load balancer controller",
    purpose: "registers pods with the load balancer",
  },
  IngressController: { area: Areas.Ingress, label: "Ingress controller", purpose: "ends TLS, routes by host name" },
  CertManager: { area: Areas.Ingress, label: "cert-manager", purpose: "gets and renews certificates" },
  ClientCertificate: { area: Areas.Database, label: "Client certificates", purpose: "trust inside the cluster" },
  CertificateIssuers: { area: Areas.Ingress, label: "Certificate issuers", purpose: "who signs, e.g. Let's Encrypt" },
  Keda: { area: Areas.Operations, row: AREA_ROWS.langfuse, label: "KEDA", purpose: "scales workers by queue length" },
  Langfuse: {
    area: Areas.Langfuse,
    label: "Langfuse",
    purpose: "observability of LLM applications",
    parts: {
      worker: { label: "Langfuse worker", purpose: "turns events into traces" },
      web: { label: "Langfuse web", purpose: "user interface and API" },
    },
  },
  LangfuseSecrets: {
    area: Areas.Langfuse,
    row: AREA_ROWS.langfuse,
    label: "Kubernetes Secrets",
    purpose: "credentials that pods read",
  },
  LangfuseCredentials: {
    area: Areas.Secrets,
    label: "Generated credentials",
    purpose: "made once, kept in state",
  },
  RecoverySecret: { area: Areas.Secrets, label: "Recovery copy", purpose: "in Secrets Manager" },
  ClickHouseOperator: { area: Areas.Database, label: "ClickHouse operator", purpose: "runs servers and Keepers" },
  ClickHouse: { area: Areas.Database, label: "ClickHouse", purpose: "traces, observations, scores" },
  ClickHouseKeeper: { area: Areas.Database, label: "ClickHouse Keeper", purpose: "agrees on what is replicated" },
  Redis: { area: Areas.Data, label: "Redis / Valkey", purpose: "queue and cache" },
  Postgres: { area: Areas.Data, label: "PostgreSQL", purpose: "users, projects, settings" },
  Bucket: { area: Areas.Data, label: "S3 buckets", purpose: "events, media, exports" },
  ModelServer: { area: Areas.Models, label: "Model servers", purpose: "answer prompts on GPUs (vLLM)" },
  ModelGateway: { area: Areas.Models, label: "Model gateway", purpose: "routes, limits and keeps off" },
  ModelRouter: { area: Areas.Models, label: "Model router", purpose: "equal prompts to equal replicas" },
  ModelStore: { area: Areas.Data, row: AREA_ROWS.models, label: "Model store", purpose: "weights by version (S3)" },
  ModelImport: { area: Areas.Models, label: "Model imports", purpose: "fetch weights once, with checksums" },
  ModelVolume: { area: Areas.Models, label: "Model volumes", purpose: "weights as files" },
  LustreFileSystem: { area: Areas.Foundation, label: "Lustre file system", purpose: "fast files, linked to S3" },
  ModelAccess: { area: Areas.Models, label: "Model access", purpose: "keys, roles, accounts" },
  ModelMonitoring: { area: Areas.Models, label: "Model monitoring", purpose: "metrics, alerts, a dashboard" },
  GpuRuntime: { area: Areas.Models, label: "GPU runtime", purpose: "offers and measures GPUs" },
  GpuScheduler: { area: Areas.Models, label: "GPU scheduler", purpose: "packs pods on few nodes" },
  LeaderWorkerSets: { area: Areas.Models, label: "Leader-worker sets", purpose: "models over several nodes" },
  VerticalPodAutoscalerRecommender: {
    area: Areas.Models,
    label: "VPA recommender",
    purpose: "advises CPU and memory",
  },
  Flagger: { area: Areas.Delivery, label: "Flagger", purpose: "shifts traffic step by step" },
  ModelCanary: { area: Areas.Delivery, label: "Model canaries", purpose: "new versions by weight" },
  ModelBlueGreen: { area: Areas.Delivery, label: "Blue/green models", purpose: "two colours, one active" },
  ArgoCd: { area: Areas.Delivery, label: "Argo CD", purpose: "applies what stands in git" },
  ArgoApplications: { area: Areas.Delivery, label: "Argo applications", purpose: "what it applies, and where" },
  ArgoRollouts: { area: Areas.Delivery, label: "Argo Rollouts", purpose: "pauses and judges a rollout" },
  WebRollout: { area: Areas.Delivery, label: "Rollout of Langfuse web", purpose: "one pod first" },
  GlobalEndpoint: { area: Areas.Entry, label: "Global endpoint", purpose: "the nearest healthy region" },
  CrossRegionReplication: { area: Areas.Models, label: "Model replication", purpose: "copies to other regions" },
  ModelHealthRoute: { area: Areas.Models, label: "Model health", purpose: "one path for health checks" },
  Monitoring: { area: Areas.Operations, label: "Prometheus, Grafana", purpose: "metrics and alerts" },
  PrometheusOperatorCrds: {
    area: Areas.Operations,
    label: "Monitor definitions",
    purpose: "kinds of the Prometheus operator",
  },
  ClusterAutoscaler: { area: Areas.Operations, label: "Cluster Autoscaler", purpose: "adds and removes nodes" },
  ExternalDns: { area: Areas.Operations, label: "external-dns", purpose: "keeps DNS records of Ingresses" },
  ExternalSecrets: { area: Areas.Operations, label: "External Secrets", purpose: "fills Secrets from AWS" },
  Network: { area: Areas.Foundation, label: "Network", purpose: "VPC, subnets, ways out" },
  Cluster: { area: Areas.Foundation, label: "EKS cluster", purpose: "the Kubernetes control plane" },
  NodePool: { area: Areas.Foundation, label: "Node pools", purpose: "the machines" },
  ClusterAddons: { area: Areas.Foundation, label: "Cluster add-ons", purpose: "DNS, storage drivers, metrics" },
  WorkloadIdentity: { area: Areas.Foundation, label: "Workload identities", purpose: "what pods may do in AWS" },
  WorkloadNamespace: { area: Areas.Foundation, label: "Namespaces", purpose: "closed by default, with listed flows" },
  StorageClasses: { area: Areas.Foundation, label: "Storage classes", purpose: "kinds of disks" },
  EncryptionKey: { area: Areas.Foundation, label: "Encryption keys", purpose: "encrypt data at rest (KMS)" },
  SharedFileSystem: { area: Areas.Foundation, label: "Shared file system", purpose: "files for many pods (EFS)" },
  PriorityClasses: { area: Areas.Foundation, label: "Priority classes", purpose: "who may stay when it is tight" },
};

/** Whoever uses the platform; not part of the plan. */
export const VISITORS = "visitors";

/** An arrow: `flow` moves data, `control` steers. Drawn when both ends are in the picture. */
export interface Arrow {
  readonly from: string;
  readonly to: string;
  /** Empty where the neighbours' labels say it. */
  readonly label: string;
  readonly kind: "flow" | "control";
}

const flow = (from: string, to: string, label: string): Arrow => ({ from, to, label, kind: "flow" });
const control = (from: string, to: string, label: string): Arrow => ({ from, to, label, kind: "control" });

/** Who talks to whom. */
export const ARROWS: readonly Arrow[] = [
  control(VISITORS, "DnsZone", "look up the name"),
  flow(VISITORS, "PublicEntry", "HTTPS"),
  flow("PublicEntry", "IngressController", "still encrypted"),
  control("LoadBalancerController", "PublicEntry", "registers pods"),
  control("CertManager", "IngressController", "certificates"),
  control("CertificateIssuers", "CertManager", "sign"),
  flow("IngressController", "Langfuse.web", "HTTP"),
  flow("LangfuseSecrets", "Langfuse.web", "environment"),
  flow("Langfuse.web", "ClickHouse", "reads traces"),
  flow("Langfuse.web", "Redis", "queues jobs"),
  flow("Langfuse.web", "Postgres", "users, projects"),
  flow("Langfuse.web", "Bucket", "raw events"),
  flow("Langfuse.worker", "ClickHouse", "writes traces"),
  flow("Langfuse.worker", "Redis", "takes jobs"),
  flow("Langfuse.worker", "Postgres", ""),
  flow("Langfuse.worker", "Bucket", ""),
  control("Keda", "Langfuse.worker", "scales"),
  flow("Keda", "Redis", ""),
  control("ClickHouseOperator", "ClickHouse", "runs"),
  flow("ClickHouse", "ClickHouseKeeper", "replication"),
  flow("Monitoring", "ClickHouse", "scrapes"),
  flow("LangfuseCredentials", "LangfuseSecrets", "values"),
  flow("LangfuseCredentials", "RecoverySecret", "copy"),
  control("ClusterAutoscaler", "NodePool", "adds and removes nodes"),
  flow("IngressController", "ModelServer", "/v1"),
];
