import { DNS_LABEL, HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";
import { mebibytes } from "../internal/quantities";
import { LangfuseSsoProvider } from "./langfuse-access-args";
import type { LangfuseArgs, LangfuseAutoscalingArgs, LangfuseWebArgs, LangfuseWorkerArgs } from "./langfuse-args";
import { checkBuckets, checkEnvironment, checkRoles } from "./langfuse-check-stores";

import { LANGFUSE_MAJORS, majorOf } from "./langfuse-versions";

/** The longest name of a release: what we append to it must stay within 63 characters, and names of flows within 50. */
const RELEASE_LIMIT = 28;
/** Throws everything that is wrong with the arguments, before anything is registered. */
export function checkLangfuseArgs(name: string, args: LangfuseArgs): void {
  const problems = new Problems();
  checkIdentity(problems, args);
  checkComponent(problems, "web", args.web);
  checkComponent(problems, "worker", args.worker);
  checkRollout(problems, args.web);
  const queueLength = args.worker.autoscaling?.queueLength ?? 1;
  problems.check(Number.isInteger(queueLength) && queueLength >= 1, {
    path: "worker.autoscaling.queueLength",
    rule: "must be a whole number of at least 1",
    got: queueLength,
    fix: "Give the waiting jobs that one pod may have before another starts.",
  });
  checkRoles(problems, args);
  checkBuckets(problems, args.buckets);
  checkEnvironment(problems, args);
  for (const provider of Object.keys(args.sso?.providers ?? {})) {
    problems.check(Object.values<string>(LangfuseSsoProvider).includes(provider), {
      path: `sso.providers.${provider}`,
      rule: `must be one of ${Object.values(LangfuseSsoProvider).join(", ")}`,
      got: provider,
      fix: "Use a listed provider, or set its AUTH_… variables in environment and secretEnvironment.",
    });
  }
  problems.throwIfAny("Langfuse", name);
}

function checkIdentity(problems: Problems, args: LangfuseArgs): void {
  const release = args.releaseName ?? "langfuse";
  problems.check(DNS_LABEL.test(release) && release.length <= RELEASE_LIMIT, {
    path: "releaseName",
    rule: `must be a DNS label of at most ${RELEASE_LIMIT} characters`,
    got: release,
    fix: "Use lower-case letters, digits and dashes.",
  });
  const major = majorOf(args.version);
  problems.check(major !== undefined && LANGFUSE_MAJORS.includes(major), {
    path: "version",
    rule: `must be an exact version of Langfuse ${LANGFUSE_MAJORS.join(" or ")}`,
    got: args.version,
    fix: "Give all three numbers, e.g. 3.225.4.",
  });
  problems.check(args.webVersion === undefined || (majorOf(args.webVersion) === major && major !== undefined), {
    path: "webVersion",
    rule: "must be an exact version of the same major as version",
    got: args.webVersion,
    fix: "Hold web back within one major only; move both over a major together.",
  });
  problems.check(typeof args.host !== "string" || HOST_NAME.test(args.host), {
    path: "host",
    rule: "must be a host name",
    got: args.host,
    fix: "Give the name alone, without scheme, port or path.",
  });
  problems.check((args.timeoutSeconds ?? 1200) >= 60, {
    path: "timeoutSeconds",
    rule: "must be at least 60",
    got: args.timeoutSeconds,
    fix: "Images alone take longer to pull.",
  });
}

/** Under a Rollout the Deployment goes to 0 and stays there: a number that Helm renders would bring its pods back beside it. */
function checkRollout(problems: Problems, { rollout = false, replicas, autoscaling }: LangfuseWebArgs): void {
  problems.check(!rollout || replicas === undefined, {
    path: "web.rollout",
    rule: "must come with autoscaling, not with replicas: the number of pods is the Rollout's",
    got: rollout,
    fix: "Give autoscaling instead of replicas.",
  });
  problems.check(!rollout || autoscaling?.adoptReplicas === undefined, {
    path: "web.autoscaling.adoptReplicas",
    rule: "must be left out with rollout: each upgrade would start that many pods beside the Rollout's",
    got: autoscaling?.adoptReplicas,
    fix: "Remove it; startReplicas of the WebRollout takes the running pods over.",
  });
}

function checkComponent(problems: Problems, path: string, component: LangfuseWebArgs | LangfuseWorkerArgs): void {
  const { replicas, autoscaling } = component;
  problems.exactlyOne(path, { replicas, autoscaling });
  const fewest = autoscaling?.minReplicas ?? replicas ?? 1;
  problems.check(Number.isInteger(fewest) && fewest >= 1, {
    path: autoscaling ? `${path}.autoscaling.minReplicas` : `${path}.replicas`,
    rule: "must be a whole number of at least 1",
    got: fewest,
    fix: "Langfuse cannot run without pods.",
  });
  if (autoscaling) checkAutoscaling(problems, `${path}.autoscaling`, autoscaling);
  checkPods(problems, path, component, fewest);
}

function checkAutoscaling(problems: Problems, path: string, autoscaling: LangfuseAutoscalingArgs): void {
  const { minReplicas, maxReplicas, cpuPercent, adoptReplicas = 1 } = autoscaling;
  problems.check(maxReplicas >= minReplicas, {
    path: `${path}.maxReplicas`,
    rule: `must be at least minReplicas, ${minReplicas}`,
    got: maxReplicas,
    fix: "Raise maxReplicas or lower minReplicas.",
  });
  problems.check(cpuPercent >= 10 && cpuPercent <= 100, {
    path: `${path}.cpuPercent`,
    rule: "must lie between 10 and 100",
    got: cpuPercent,
    fix: "It is a share of the CPU request.",
  });
  problems.check(Number.isInteger(adoptReplicas) && adoptReplicas >= 1, {
    path: `${path}.adoptReplicas`,
    rule: "must be a whole number of at least 1",
    got: adoptReplicas,
    fix: "Give the number of pods that run now.",
  });
}

function checkPods(
  problems: Problems,
  path: string,
  component: LangfuseWebArgs | LangfuseWorkerArgs,
  fewest: number,
): void {
  const { autoscaling, minAvailable, resources } = component;
  problems.check(
    minAvailable === undefined || (Number.isInteger(minAvailable) && minAvailable >= 1 && minAvailable < fewest),
    {
      path: `${path}.minAvailable`,
      rule: `must be a whole number from 1 and less than the fewest pods, ${fewest}`,
      got: minAvailable,
      fix: "Otherwise no node that runs such a pod can ever be drained.",
    },
  );
  problems.check(mebibytes(resources.limits.memory ?? "") >= 512, {
    path: `${path}.resources.limits.memory`,
    rule: "must be a quantity of at least 512Mi",
    got: resources.limits.memory,
    fix: "The heap limit is taken from it.",
  });
  problems.check(autoscaling === undefined || resources.requests.cpu !== undefined, {
    path: `${path}.resources.requests.cpu`,
    rule: "must be given",
    got: resources.requests.cpu,
    fix: "The autoscaler measures CPU against it.",
  });
}
