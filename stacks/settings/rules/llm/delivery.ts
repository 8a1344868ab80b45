import { regionProblems } from "../../../../components/delivery/argo-applications-checks";
import type { Problem } from "../../../../components/internal/problems";
import type { ParsedSections } from "../../settings";
import { type Rule, rule, when } from "../rule";
import { headroom } from "./delivery-capacity";
import { COLOR_RULES } from "./delivery-colors";
import { ROLLOUT_RULES } from "./delivery-rollout";

type Llm = ParsedSections["llm"];
type Model = Llm["models"][string];

/** What a rule says of each server, with the path of its delivery. */
function eachServer(llm: Llm, judge: (path: string, model: Model, server: string) => readonly Problem[]): Problem[] {
  if (!llm.enabled) return [];
  return Object.entries(llm.models).flatMap(([server, model]) => judge(`llm.models.${server}.delivery`, model, server));
}

/** Why an ingress controller cannot share out requests between two versions. */
const NO_WEIGHTS: Readonly<Record<string, string>> = {
  alb: "Flagger has no provider for an Application Load Balancer",
  "f5-nginx": "Flagger shifts traffic by canary Ingresses, which F5's controller does not know",
  "ingress-nginx": "the models' gateway is Traefik's or an ALB's",
};

const owners = rule(["llm", "delivery"], ({ llm, delivery }) =>
  eachServer(llm, (path, { delivery: { owner } }) =>
    when(owner === "argocd" && delivery.argoCd === undefined, {
      path: `${path}.owner`,
      rule: "must be pulumi without delivery.argoCd: nobody would bring the server",
      got: owner,
      fix: "Add delivery.argoCd with the repository of manifests, or set it to pulumi.",
    }),
  ),
);

const ways = rule(["llm"], ({ llm }) =>
  eachServer(llm, (path, { delivery: { canary, blueGreen } }) =>
    when(canary !== undefined && blueGreen !== undefined, {
      path,
      rule: "must have at most one of canary and blueGreen: both own the Service",
      got: "both",
      fix: "Keep one of them.",
    }),
  ),
);

const canaryController = rule(["llm", "ingress"], ({ llm, ingress }) =>
  eachServer(llm, (path, { delivery: { canary } }) =>
    when(canary !== undefined && ingress.controller !== "traefik", {
      path: `${path}.canary`,
      rule: `must be left out with ingress.controller ${ingress.controller}: ${NO_WEIGHTS[ingress.controller]}`,
      fix: "Set ingress.controller to traefik, or use blueGreen.",
    }),
  ),
);

const canaryMetrics = rule(["llm", "monitoring"], ({ llm, monitoring }) =>
  eachServer(llm, (path, { delivery: { canary } }) =>
    when(canary !== undefined && !monitoring.prometheus.enabled, {
      path: `${path}.canary`,
      rule: "must be left out without Prometheus, by which a new version is judged",
      fix: "Set monitoring.prometheus.enabled to true, or use blueGreen.",
    }),
  ),
);

const canaryServer = rule(["llm"], ({ llm }) =>
  eachServer(llm, (path, { delivery: { canary }, autoscaling, workload }) => {
    if (canary === undefined) return [];
    return [
      ...when(autoscaling === undefined || autoscaling.minReplicas < 1, {
        path: `${path}.canary`,
        rule: "must come with autoscaling of at least 1 replica: Flagger moves replicas between two scalers",
        got: autoscaling === undefined ? "no autoscaling" : `minReplicas ${autoscaling.minReplicas}`,
        fix: "Add autoscaling with minReplicas of 1 or more, or remove canary.",
      }),
      ...when(workload !== "deployment", {
        path: `${path}.canary`,
        rule: "must come with the workload deployment: Flagger knows neither StatefulSets nor groups of pods",
        got: workload,
        fix: "Set workload to deployment, or remove canary.",
      }),
      ...when(canary.stepWeight > canary.maxWeight, {
        path: `${path}.canary.stepWeight`,
        rule: `must not be above maxWeight (${canary.maxWeight})`,
        got: canary.stepWeight,
        fix: "Lower it, or raise maxWeight.",
      }),
    ];
  }),
);

/** `-green` has to fit into the name of a server. */
const LONGEST_COLORED = 34;

const colors = rule(["llm"], ({ llm }) =>
  eachServer(llm, (path, { delivery: { blueGreen }, workload }, server) => {
    if (blueGreen === undefined) return [];
    const { activeColor } = blueGreen;
    return [
      ...when(blueGreen[activeColor] === undefined, {
        path: `${path}.blueGreen.${activeColor}`,
        rule: "must be given: it is the active colour",
        fix: `Add ${activeColor}: {} for the server as it is, or change activeColor.`,
      }),
      ...when(server.length > LONGEST_COLORED, {
        path: `llm.models.${server}`,
        rule: `must have a name of at most ${LONGEST_COLORED} characters with blueGreen, since each colour is added to it`,
        got: server,
        fix: "Shorten it.",
      }),
      ...when(workload === "multiNode", {
        path: `${path}.blueGreen`,
        rule: "must be left out with the workload multiNode: of a group of pods only the first answers",
        got: workload,
        fix: "Set workload to deployment, or remove blueGreen.",
      }),
    ];
  }),
);

const names = rule(["llm"], ({ llm }) =>
  eachServer(llm, (_path, { delivery: { canary, blueGreen } }, server) => {
    const made = [...(canary ? ["primary", "canary"] : []), ...(blueGreen ? ["blue", "green"] : [])];
    return made.flatMap((suffix) =>
      when(llm.models[`${server}-${suffix}`] !== undefined, {
        path: `llm.models.${server}-${suffix}`,
        rule: `must have another name: the delivery of ${server} makes objects of this one`,
        fix: "Rename it.",
      }),
    );
  }),
);

const regions = rule(["delivery", "llm"], ({ delivery, llm }) => {
  const list = delivery.argoCd?.regions ?? [];
  const owned = Object.entries(llm.models).filter(([, model]) => model.delivery.owner === "argocd");
  return [
    ...regionProblems(list).map((problem) => ({ ...problem, path: `delivery.argoCd.regions${problem.path}` })),
    ...list.flatMap(({ replicas }, index) =>
      owned.flatMap(([server, { autoscaling }]) =>
        when(autoscaling !== undefined && replicas > autoscaling.maxReplicas, {
          path: `delivery.argoCd.regions[${index}].replicas`,
          rule: `must not be above maxReplicas of ${server} (${autoscaling?.maxReplicas}): they are its fewest there`,
          got: replicas,
          fix: `Lower it, or raise llm.models.${server}.autoscaling.maxReplicas.`,
        }),
      ),
    ),
  ];
});

const argoCd = rule(["delivery", "llm"], ({ delivery, llm }) =>
  when(delivery.argoCd !== undefined && !llm.enabled, {
    path: "delivery.argoCd",
    rule: "must be left out while llm.enabled is false: it brings model servers alone",
    fix: "Remove it, or enable llm.",
  }),
);

const signIn = rule(["delivery", "secrets"], ({ delivery, secrets }) => {
  const { argoCdRepositoryPassword: password, argoCdRepositoryKey: key } = secrets;
  const url = delivery.argoCd?.repository.url;
  return [
    ...Object.entries({ argoCdRepositoryPassword: password, argoCdRepositoryKey: key }).flatMap(([name, value]) =>
      when(value !== undefined && url === undefined, {
        path: `secrets.${name}`,
        rule: "serves nothing without delivery.argoCd",
        fix: "Add delivery.argoCd, or remove the secret.",
      }),
    ),
    ...when(password !== undefined && key !== undefined, {
      path: "secrets.argoCdRepositoryKey",
      rule: "must not stand beside argoCdRepositoryPassword: Argo CD signs in one way",
      fix: "Remove one of them.",
    }),
    ...when(key !== undefined && url?.startsWith("https://") === true, {
      path: "secrets.argoCdRepositoryKey",
      rule: "serves nothing while delivery.argoCd.repository.url begins with https://",
      fix: "Write the URL as git@…, or set argoCdRepositoryPassword instead.",
    }),
  ];
});

export const DELIVERY_RULES: readonly Rule[] = [
  owners,
  ways,
  canaryController,
  canaryMetrics,
  canaryServer,
  colors,
  ...COLOR_RULES,
  names,
  headroom,
  argoCd,
  regions,
  signIn,
  ...ROLLOUT_RULES,
];
