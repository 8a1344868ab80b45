import { rule, when } from "./rule";

const STORES = ["postgres", "redis", "clickhouse"] as const;
const BUCKETS = ["events", "media", "exports", "backups"] as const;

const network = rule(["network", "cluster"], ({ network, cluster }) => [
  ...when(cluster.create !== undefined && network === undefined, {
    path: "network",
    rule: "is required for a new cluster",
    fix: "Add network.create or network.existing.",
  }),
  ...when(cluster.existing !== undefined && network !== undefined, {
    path: "network",
    rule: "must be left out with an existing cluster, which has a network",
    fix: "Remove network.",
  }),
]);

const stores = rule(["cluster", ...STORES, "buckets"], ({ cluster, buckets, ...stores }) => {
  if (cluster.existing === undefined) return [];
  const made = [
    ...STORES.filter((store) => store !== "clickhouse" && stores[store].create !== undefined),
    ...BUCKETS.filter((bucket) => buckets[bucket].create !== undefined).map((bucket) => `buckets.${bucket}`),
    ...(stores.clickhouse.create === undefined ? [] : ["clickhouse"]),
  ];
  return made.map((store) => ({
    path: store,
    rule: "must be an existing one with an existing cluster: nothing connects that cluster to stores made here",
    got: "create",
    fix: `Give ${store}.existing.`,
  }));
});

const pools = rule(["cluster", "nodePools"], ({ cluster, nodePools }) =>
  when(cluster.existing !== undefined && Object.keys(nodePools).length > 0, {
    path: "nodePools",
    rule: "must be left out with an existing cluster, which has its own machines",
    got: Object.keys(nodePools),
    fix: "Remove nodePools.",
  }),
);

const kubeconfig = rule(["cluster", "secrets"], ({ cluster, secrets }) => [
  ...when(cluster.existing !== undefined && secrets.kubeconfig === undefined, {
    path: "secrets.kubeconfig",
    rule: "is required for an existing cluster",
    fix: 'Run `pulumi config set --secret --path llm-platform:secrets.kubeconfig -- "$(cat kubeconfig)"`.',
  }),
  ...when(cluster.create !== undefined && secrets.kubeconfig !== undefined, {
    path: "secrets.kubeconfig",
    rule: "must not be given for a new cluster, whose kubeconfig is made here",
    fix: "Remove it, or use cluster.existing.",
  }),
]);

const edge = rule(["cluster", "ingress"], ({ cluster, ingress }) =>
  when(cluster.existing !== undefined && ingress.controller === "alb", {
    path: "ingress.controller",
    rule: "must not be alb with an existing cluster, for which no AWS load balancer is made",
    got: ingress.controller,
    fix: "Choose traefik or f5-nginx.",
  }),
);

const dns = rule(["cluster", "dns"], ({ cluster, dns }) =>
  when(cluster.existing !== undefined && dns !== undefined, {
    path: "dns",
    rule: "must be left out with an existing cluster, whose load balancer is not made here",
    fix: "Remove dns, and point the host at that cluster's load balancer.",
  }),
);

const sharedFileSystem = rule(["cluster", "storage"], ({ cluster, storage }) =>
  when(cluster.existing !== undefined && storage.sharedFileSystem.enabled, {
    path: "storage.sharedFileSystem.enabled",
    rule: "must be false with an existing cluster, which an EFS file system made here would not reach",
    got: true,
    fix: "Remove it.",
  }),
);

const externalSecrets = rule(["cluster", "externalSecrets"], ({ cluster, externalSecrets }) =>
  when(cluster.existing !== undefined && externalSecrets.enabled, {
    path: "externalSecrets.enabled",
    rule: "must be false with an existing cluster, whose pods have no AWS identity to read Secrets Manager with",
    got: true,
    fix: "Remove it.",
  }),
);

export const EXISTING_RULES = [network, stores, pools, kubeconfig, edge, dns, sharedFileSystem, externalSecrets];
