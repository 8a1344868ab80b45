import { type Rule, rule, when } from "../rule";

const judged = rule(["langfuse", "ingress", "monitoring"], ({ langfuse, ingress, monitoring }) => {
  if (langfuse.web.rollout?.enabled !== true) return [];
  return [
    ...when(ingress.controller !== "traefik", {
      path: "langfuse.web.rollout",
      rule: `must be left out with ingress.controller ${ingress.controller}: a new version is judged by the requests that Traefik counts`,
      fix: "Set ingress.controller to traefik, or remove rollout.",
    }),
    ...when(!monitoring.prometheus.enabled, {
      path: "langfuse.web.rollout",
      rule: "must be left out without Prometheus, which a new version is judged by",
      fix: "Set monitoring.prometheus.enabled to true, or remove rollout.",
    }),
  ];
});

const start = rule(["langfuse"], ({ langfuse }) => {
  const { rollout, autoscaling } = langfuse.web;
  const replicas = rollout?.startReplicas;
  if (replicas === undefined) return [];
  return when(replicas < autoscaling.minReplicas || replicas > autoscaling.maxReplicas, {
    path: "langfuse.web.rollout.startReplicas",
    rule: `must be from minReplicas to maxReplicas (${autoscaling.minReplicas} to ${autoscaling.maxReplicas})`,
    got: replicas,
    fix: "Give the number of pods that run now, or leave it out.",
  });
});

const existing = rule(["langfuse", "cluster"], ({ langfuse, cluster }) =>
  when(langfuse.web.rollout?.enabled === true && cluster.existing !== undefined, {
    path: "langfuse.web.rollout",
    rule: "must be left out on an existing cluster, whose Argo Rollouts is somebody else's",
    fix: "Remove it, or use the component WebRollout in a program of your own.",
  }),
);

export const ROLLOUT_RULES: readonly Rule[] = [judged, start, existing];
