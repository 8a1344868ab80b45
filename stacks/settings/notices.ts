import { maxConnections } from "../../components/data/postgres-connections";
import { isReservedDomain } from "../../components/edge/reserved-domains";
import { instanceShape } from "../../components/internal/instance-types";
import { KUBERNETES_VERSIONS } from "../../components/internal/kubernetes-versions";
import { gatewayNotices } from "./gateway-notices";
import { gpuNotices } from "./gpu-notices";
import { modelNotices } from "./model-server";
import { weightsNotices } from "./rules/llm/weights";
import type { Loosening } from "./sections/operations";
import { servingNotices } from "./serving-notices";
import type { Settings } from "./settings";

/** What notices depend on besides the settings. */
export interface NoticeContext {
  /** The day to judge by. */
  readonly today: Date;
  /** Whether the stack file holds `secrets` encrypted; undefined when nobody looked. */
  readonly secretsEncrypted?: boolean;
  /** Full names of configuration keys in other namespaces. Default none. */
  readonly otherKeys?: readonly string[];
  /** Whether a passphrase protects the stack's secrets. Default false. */
  readonly passphrase?: boolean;
}

const SUPPORT_WARNING_DAYS = 120;
const DAY = 86_400_000;

const LOOSENED: Readonly<Record<Loosening, string>> = {
  durableWithoutMultiAz: "durable data may live in one zone only, and is unreachable while that zone is",
  durableWithoutBackups: "durable data may have few or no backups to go back to",
  retiredIngressNginx: "ingress-nginx gets no security fixes since March 2026",
};

/** What the owner of a stack should know although nothing is wrong, one sentence each. */
export function notices(settings: Settings, context: NoticeContext): string[] {
  return [
    ...settings.allow.map((name) => `allow.${name}: ${LOOSENED[name]}.`),
    ...reach(settings),
    ...versions(settings, context.today),
    ...data(settings),
    ...machines(settings),
    ...gpuNotices(settings),
    ...modelNotices(settings),
    ...servingNotices(settings),
    ...weightsNotices(settings.llm),
    ...edge(settings),
    ...gatewayNotices(settings),
    ...secrets(settings, context),
  ];
}

function reach({ cluster }: Settings): string[] {
  if (cluster.create === undefined) {
    return [
      `cluster: ${cluster.existing.name} is used as it is; whoever deploys must reach it with the kubeconfig given.`,
      `cluster: ${cluster.existing.name} must run metrics-server; without it Langfuse's autoscalers do not see CPU, and web stays at minReplicas.`,
    ];
  }
  const { publicAccessCidrs, reachedPrivately } = cluster.create.endpoint;
  const inside = reachedPrivately ? "from inside the VPC" : "";
  const outside = publicAccessCidrs.length > 0 ? `from ${publicAccessCidrs.join(", ")}` : "";
  const note = outside === "" ? " Runners of GitHub and laptops without a VPN do not reach it." : "";
  return [`cluster: the API server is reached ${[outside, inside].filter((way) => way !== "").join(" and ")}.${note}`];
}

function versions({ cluster, langfuse }: Settings, today: Date): string[] {
  const found: string[] = [];
  const minor = cluster.create?.kubernetesVersion;
  if (minor !== undefined) {
    const until = KUBERNETES_VERSIONS[minor].standardSupportUntil;
    const days = Math.floor((Date.parse(until) - today.getTime()) / DAY);
    if (days < 0)
      found.push(
        `cluster: standard support of Kubernetes ${minor} ended on ${until}; EKS upgrades the cluster by itself.`,
      );
    else if (days <= SUPPORT_WARNING_DAYS) {
      found.push(
        `cluster: standard support of Kubernetes ${minor} ends on ${until}, in ${days} days; EKS then upgrades the cluster by itself. Raise kubernetesVersion before.`,
      );
    }
  }
  if (langfuse.version.startsWith("3.")) {
    found.push("langfuse: version 3 gets patches until the end of January 2027; version 4 runs on the same stores.");
  }
  if (langfuse.webVersion !== undefined && langfuse.webVersion !== langfuse.version) {
    found.push(
      `langfuse: web is held back at ${langfuse.webVersion} while workers are at ${langfuse.version}; remove webVersion in the next run.`,
    );
  }
  return found;
}

function data({ lifecycle, postgres, clickhouse, network, langfuse }: Settings): string[] {
  const found: string[] = [];
  if (lifecycle === "disposable") {
    found.push("lifecycle: disposable; nothing is protected, and data, buckets and backups go with the stack.");
  }
  const shards = clickhouse.create?.shards ?? 1;
  if (shards > 1) {
    found.push(
      `clickhouse: Langfuse uses one shard and is pinned to the first; ${shards === 2 ? "the second holds" : `the other ${shards - 1} hold`} none of its data, costs as much again, and an outage there blocks Langfuse's migrations.`,
    );
  }
  if (lifecycle === "durable" && network?.create?.natGateways === "single") {
    found.push("network: one NAT gateway; when its zone is gone, every zone is cut off from the internet.");
  }
  const instanceClass = postgres.create?.instanceClass;
  if (instanceClass !== undefined && maxConnections(instanceClass) === undefined) {
    found.push(
      `postgres: how many connections a ${instanceClass} takes is not known here; the connection budget is unchecked.`,
    );
  }
  if (langfuse.signUp) found.push("langfuse: whoever signs in gets an account (signUp).");
  if (!langfuse.signUp && langfuse.passwordSignIn && Object.values(langfuse.sso).some((provider) => provider)) {
    found.push("langfuse: single sign-on admits only people who have an account already; signUp lets others in.");
  }
  if (
    langfuse.initialization === undefined &&
    Object.values(langfuse.sso).every((provider) => provider === undefined)
  ) {
    found.push("langfuse: without initialization and without sso nobody can sign in.");
  }
  return found;
}

function machines({ nodePools, autoscaling }: Settings): string[] {
  const pools = Object.entries(nodePools);
  const unknown = [...new Set(pools.flatMap(([, pool]) => pool.instanceTypes))].filter((type) => !instanceShape(type));
  return [
    ...pools
      .filter(([, pool]) => pool.capacityType === "spot")
      .map(([name]) => `nodePools.${name}: spot machines go at two minutes' notice; Jobs and stores keep off them.`),
    ...(autoscaling.clusterAutoscaler && nodePools.cpu?.perZone === false
      ? [
          "nodePools.cpu: the autoscaler cannot choose a zone inside one group, and Langfuse's pods are spread over zones, so that it may stop short of maxReplicas; perZone mends that.",
        ]
      : []),
    ...pools
      .filter(([, pool]) => pool.resize)
      .map(([name]) => `nodePools.${name}: resize sets the pool to desiredSize in this run; remove it in the next.`),
    ...unknown.map((type) => `nodePools: ${type} is not in our table of instance types; what fits on it is unchecked.`),
    ...(autoscaling.clusterAutoscaler || pools.length === 0
      ? []
      : ["autoscaling: without the cluster autoscaler every pool stays at the size it has."]),
  ];
}

function edge({ ingress, dns, certificates, langfuse, network }: Settings): string[] {
  const found: string[] = [];
  if (!ingress.internal && ingress.allowedCidrs.includes("0.0.0.0/0")) {
    found.push(`ingress: ${langfuse.host} is open to the whole internet; ingress.allowedCidrs narrows it.`);
  }
  const rate = langfuse.ingress.requestsPerMinutePerClient;
  if (rate !== undefined) {
    found.push(
      ingress.controller === "alb"
        ? "ingress: an ALB does not limit rates; requestsPerMinutePerClient takes a rate rule of AWS WAF there."
        : `ingress: each of the ${ingress.replicas} controller pods counts by itself, so a client may send up to ${rate * ingress.replicas} requests a minute.`,
    );
  }
  if (dns === undefined) found.push(`dns: no zone; point ${langfuse.host} at the load balancer yourself.`);
  else if (dns.create !== undefined && dns.create.parentZoneId === undefined && !dns.create.delegated) {
    found.push(
      `dns: delegate ${dns.domain} to the name servers in the stack's outputs, then set dns.create.delegated; issuers and certificates are made from then on.`,
    );
  }
  if (dns !== undefined && network?.create?.natGateways === "none") {
    const missing = ingress.controller === "alb" ? langfuse.host : "Ingresses besides Langfuse's";
    found.push(
      `dns: without a NAT gateway external-dns does not reach Route 53 and is left out; enter records of ${missing} yourself.`,
    );
  }
  if (isReservedDomain(langfuse.host) && certificates.issuer.startsWith("letsencrypt")) {
    found.push(
      `certificates: ${langfuse.host} lies in a domain reserved for examples; no issuer is made until the host is a real one.`,
    );
  } else if (ingress.controller === "alb") {
    if (certificates.issuer !== "none")
      found.push("certificates: the alb controller takes its certificate from ACM; issuer is not used for it.");
  } else if (certificates.issuer !== "letsencrypt") {
    found.push(`certificates: browsers do not trust issuer ${certificates.issuer}.`);
  }
  if (certificates.email !== undefined && isReservedDomain(certificates.email.split("@").at(-1) ?? "")) {
    found.push("certificates: the e-mail address is a reserved one, which Let's Encrypt refuses; it is left out.");
  }
  return found;
}

function secrets(settings: Settings, { secretsEncrypted, passphrase, otherKeys = [] }: NoticeContext): string[] {
  const names = Object.keys(settings.secrets);
  return [
    ...(secretsEncrypted === false && names.length > 0
      ? [
          `secrets: ${names.join(", ")} stand in the stack file as plain text; set them by \`pulumi config set --secret --path\`.`,
        ]
      : []),
    ...(passphrase && settings.lifecycle === "durable"
      ? [
          "state: a passphrase protects every secret of a durable stack; `pulumi stack change-secrets-provider awskms://…` puts a key in its place.",
        ]
      : []),
    ...otherKeys
      .filter((key) => /^(aws|kubernetes|random):/.test(key))
      .map((key) => `${key}: not read; this program sets up its own providers.`),
  ];
}
