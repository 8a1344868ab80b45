import type * as pulumi from "@pulumi/pulumi";
import { ModelMonitoring, VerticalPodAutoscalerRecommender } from "../../components";
import type { LlmParts } from "./parts";

/** Minutes that a machine may take to come, before a pod begins to load. */
const MACHINE_MINUTES = 15;

/** Metrics, alerts and a dashboard of all models; nothing without Prometheus, which would read them. */
export function createModelMonitoring({
  context,
  llm,
  namespaces,
  operations,
  providers,
}: LlmParts): ModelMonitoring | undefined {
  const { monitorsReady } = operations;
  if (namespaces.models === undefined || monitorsReady === undefined) return undefined;
  const { dashboard, ...objectives } = llm.monitoring;
  const servers = Object.values(llm.models);
  const startupSeconds = Math.max(...servers.map(({ timing }) => timing.startupBudget));
  return new ModelMonitoring(
    "model-monitoring",
    {
      namespace: namespaces.models.namespaceName,
      objectives: { ...objectives, startupMinutes: Math.ceil(startupSeconds / 60) + MACHINE_MINUTES },
      dashboard,
      router: llm.gateway.router.enabled,
      wokenByGateway:
        context.settings.ingress.controller === "traefik" &&
        servers.some(({ autoscaling }) => autoscaling?.wakeUp !== undefined),
      monitorsReady,
    },
    providers.kubernetes,
  );
}

/** Gate of whoever gives advice about models' CPU and memory; undefined when no server wants any. */
export function createModelAdvice({
  context,
  llm,
  foundation,
  providers,
}: LlmParts): pulumi.Output<string> | undefined {
  if (!Object.values(llm.models).some(({ advice }) => advice !== undefined)) return undefined;
  const recommender = new VerticalPodAutoscalerRecommender(
    "model-advice",
    {
      namespace: "kube-system",
      placement: context.placement("verticalPodAutoscaler"),
      mirrors: context.mirrors,
      metricsReady: foundation.addons.metricsReady,
    },
    providers.kubernetes,
  );
  return recommender.ready;
}
