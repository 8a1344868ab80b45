/** A rule of a Role, in Kubernetes' own words. */
interface RoleRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const READ = ["get", "list", "watch"];

/** What models consist of, by API group; Secrets are not among it. */
const READABLE: Readonly<Record<string, string[]>> = {
  "": [
    "pods",
    "pods/log",
    "services",
    "endpoints",
    "events",
    "configmaps",
    "serviceaccounts",
    "persistentvolumeclaims",
  ],
  apps: ["deployments", "deployments/scale", "statefulsets", "statefulsets/scale", "replicasets"],
  batch: ["jobs"],
  autoscaling: ["horizontalpodautoscalers"],
  "autoscaling.k8s.io": ["verticalpodautoscalers"],
  "discovery.k8s.io": ["endpointslices"],
  "events.k8s.io": ["events"],
  "flagger.app": ["canaries", "metrictemplates"],
  "keda.sh": ["scaledobjects"],
  "leaderworkerset.x-k8s.io": ["leaderworkersets", "leaderworkersets/scale"],
  "metrics.k8s.io": ["pods"],
  "monitoring.coreos.com": ["podmonitors", "prometheusrules"],
  "networking.k8s.io": ["ingresses", "networkpolicies"],
  policy: ["poddisruptionbudgets"],
  "traefik.io": ["ingressroutes", "middlewares", "serverstransports", "traefikservices"],
};

/** What operators change; to restart is to patch a workload or to delete its pods. */
const OPERATED: Readonly<Record<string, string[]>> = {
  apps: ["deployments", "deployments/scale", "statefulsets", "statefulsets/scale"],
  "flagger.app": ["canaries"],
  "keda.sh": ["scaledobjects"],
  "leaderworkerset.x-k8s.io": ["leaderworkersets", "leaderworkersets/scale"],
};

/** Rules of those who look. */
export function readerRules(): RoleRule[] {
  return rules(READABLE, READ);
}

/** Rules of those who operate, beside looking. They neither read Secrets nor enter containers, where keys are variables. */
export function operatorRules(): RoleRule[] {
  return [
    ...readerRules(),
    ...rules(OPERATED, ["patch", "update"]),
    { apiGroups: [""], resources: ["pods"], verbs: ["delete"] },
    { apiGroups: [""], resources: ["pods/eviction"], verbs: ["create"] },
    { apiGroups: ["batch"], resources: ["jobs"], verbs: ["delete"] },
  ];
}

/** Rules outside the namespace: which machines there are, and what they have left. */
export function nodeRules(): RoleRule[] {
  return [
    { apiGroups: [""], resources: ["nodes"], verbs: READ },
    { apiGroups: ["metrics.k8s.io"], resources: ["nodes"], verbs: ["get", "list"] },
  ];
}

function rules(resources: Readonly<Record<string, string[]>>, verbs: string[]): RoleRule[] {
  return Object.entries(resources).map(([group, names]) => ({ apiGroups: [group], resources: names, verbs }));
}
