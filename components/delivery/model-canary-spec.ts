import * as pulumi from "@pulumi/pulumi";
import { modelScalerQueries } from "../llm/model-autoscaling-triggers";
import type { MetricScope } from "../llm/model-metrics-queries";
import { failedRequestRatio, timeToFirstToken } from "../llm/model-metrics-queries";
import { MODEL_PORT, modelServerNames } from "../llm/model-names";
import { FLAGGER, FlaggerProvider } from "./flagger-values";
import type { ModelCanaryAnalysisArgs, ModelCanaryArgs } from "./model-canary-args";

/** Seconds that a node with GPUs may take to join, beside the start of the pod. */
const NODE_SECONDS = 600;
const DEFAULT_STARTUP_SECONDS = 1800;

export const CANARY_DEFAULTS = {
  intervalSeconds: 60,
  threshold: 5,
  maxWeight: 50,
  stepWeight: 10,
  iterations: 10,
  timeToFirstTokenSeconds: 2,
  successPercent: 99,
} as const;

/** Seconds in which a pod of a new version must have come: Flagger's own 600 end before a large model has loaded. */
export function canaryDeadline({ startupBudget }: Pick<ModelCanaryArgs, "startupBudget">): number {
  return (startupBudget ?? DEFAULT_STARTUP_SECONDS) + NODE_SECONDS;
}

/** Bounds of a number of replicas. */
export interface ReplicaBounds {
  readonly minReplicas: number;
  readonly maxReplicas: number;
}

/** Replicas of the new version while it is tried: as large a share of the old one's as the traffic that it gets. */
export function canaryReplicas(primary: ReplicaBounds, analysis: ModelCanaryAnalysisArgs = {}): ReplicaBounds {
  const share = (analysis.maxWeight ?? CANARY_DEFAULTS.maxWeight) / 100;
  return {
    minReplicas: Math.max(1, Math.ceil(primary.minReplicas * share)),
    maxReplicas: Math.max(1, Math.ceil(primary.maxReplicas * share)),
  };
}

/** Names of the objects of a canary. */
export function canaryNames(server: string) {
  return {
    canary: server,
    primary: `${server}-primary`,
    canaryService: `${server}-canary`,
    timeToFirstToken: `${server}-time-to-first-token`,
    errorRate: `${server}-error-rate`,
    alertProvider: server,
  };
}

/** Whose series a template reads: Flagger fills in namespace and target, and the target's pods are those of the new version. */
function templateScope(server: string): MetricScope {
  return { namespace: "{{ namespace }}", modelServer: server, app: "{{ target }}" };
}

/** What is measured, by the name of its MetricTemplate. Seconds, and a percentage. */
export function metricTemplates({ server, prometheusUrl }: Pick<ModelCanaryArgs, "server" | "prometheusUrl">) {
  const names = canaryNames(server);
  const provider = { type: "prometheus", address: prometheusUrl };
  const scope = templateScope(server);
  return [
    {
      name: names.timeToFirstToken,
      role: "time-to-first-token",
      spec: { provider, query: timeToFirstToken(scope, 0.95, "{{ interval }}") },
    },
    {
      name: names.errorRate,
      role: "error-rate",
      spec: { provider, query: `100 * (${failedRequestRatio(scope, "{{ interval }}")})` },
    },
  ];
}

/** The Canary of a server. */
export function canarySpec(args: ModelCanaryArgs) {
  const { server, provider } = args;
  const names = modelServerNames(server);
  return {
    ...(provider === undefined ? {} : { provider }),
    targetRef: { apiVersion: "apps/v1", kind: "Deployment", name: names.workload },
    autoscalerRef: autoscalerRef(args),
    progressDeadlineSeconds: canaryDeadline(args),
    // Flagger makes the Services: this name, `-primary` and `-canary`.
    service: { name: names.service, port: MODEL_PORT, targetPort: MODEL_PORT, portName: "http", portDiscovery: false },
    analysis: analysis(args),
    skipAnalysis: false,
  };
}

/** The primary's scaler: Flagger copies the server's, with these bounds and with queries on the primary's pods. */
function autoscalerRef({ server, namespace, autoscaler }: ModelCanaryArgs) {
  const { primary } = canaryNames(server);
  const queries = (plain: string) => modelScalerQueries({ namespace: plain, modelServer: server, app: primary });
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    name: modelServerNames(server).scaledObject,
    primaryScalerQueries: typeof namespace === "string" ? queries(namespace) : pulumi.output(namespace).apply(queries),
    primaryScalerReplicas: { minReplicas: autoscaler.minReplicas, maxReplicas: autoscaler.maxReplicas },
  };
}

function analysis(args: ModelCanaryArgs) {
  const given = { ...CANARY_DEFAULTS, ...args.analysis };
  const objectives = { ...CANARY_DEFAULTS, ...args.objectives };
  const names = canaryNames(args.server);
  const metric = (name: string, template: string, max: number) => ({
    name,
    templateRef: { name: template },
    thresholdRange: { max },
    interval: "1m",
  });
  return {
    interval: `${given.intervalSeconds}s`,
    threshold: given.threshold,
    ...(args.provider === FlaggerProvider.Kubernetes
      ? { iterations: given.iterations }
      : { maxWeight: given.maxWeight, stepWeight: given.stepWeight }),
    metrics: [
      metric("time-to-first-token", names.timeToFirstToken, objectives.timeToFirstTokenSeconds),
      metric("error-rate", names.errorRate, Math.round((100 - objectives.successPercent) * 1000) / 1000),
    ],
    webhooks: webhooks(args),
    ...(args.alert === undefined
      ? {}
      : {
          alerts: [
            {
              name: names.alertProvider,
              severity: args.alert.severity ?? "warn",
              providerRef: { name: names.alertProvider },
            },
          ],
        }),
  };
}

/** Hooks of the load tester: an answer before any traffic, load at every step, and a way to roll back by hand. */
function webhooks(args: ModelCanaryArgs) {
  const { load, namespace, server } = args;
  const url = pulumi.interpolate`http://${canaryNames(server).canaryService}.${namespace}:${MODEL_PORT}/v1/chat/completions`;
  const { requestsPerSecond = 10, workers = 2 } = load;
  return [
    {
      name: "first-answer",
      type: "pre-rollout",
      url: pulumi.interpolate`${load.loadTesterUrl}/`,
      timeout: "60s",
      // Waits for its end, unlike `cmd`: a version that cannot answer gets no traffic.
      metadata: {
        type: "bash",
        cmd: pulumi.interpolate`curl --silent --show-error --fail --max-time 50 ${headers(args)} --data '${body(args)}' ${url} | grep '"content"'`,
      },
    },
    {
      name: "load",
      type: "rollout",
      url: pulumi.interpolate`${load.loadTesterUrl}/`,
      timeout: "5s",
      metadata: {
        type: "cmd",
        cmd: pulumi.interpolate`hey -z 1m -q ${requestsPerSecond} -c ${workers} -t 60 -m POST ${heyHeaders(args)} -d '${body(args)}' ${url}`,
      },
    },
    // Shut until somebody opens it by hand: then all traffic goes back at once.
    { name: "rollback", type: "rollback", url: pulumi.interpolate`${load.loadTesterUrl}/rollback/check` },
  ];
}

/** The load tester's shell reads the key from the mounted Secret; neither the Canary nor a log ever holds it. */
function keyOf(server: string): string {
  return `$(cat ${FLAGGER.apiKeys}/${server})`;
}

function headers({ server }: ModelCanaryArgs): string {
  return `--header 'Content-Type: application/json' --header "Authorization: Bearer ${keyOf(server)}"`;
}

function heyHeaders({ server }: ModelCanaryArgs): string {
  return `-T application/json -H "Authorization: Bearer ${keyOf(server)}"`;
}

/** Not quoted by the shell: names of models hold no quotation marks, which the checks see to. */
function body({ server, servedName, load }: ModelCanaryArgs): string {
  return JSON.stringify({
    model: servedName ?? server,
    messages: [{ role: "user", content: "Count from one to five." }],
    max_tokens: load.maxTokens ?? 16,
  });
}
