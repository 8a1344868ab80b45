import { type KubernetesObject, referenceTo } from "../api/objects";
import type { Properties } from "../providers/provider";
import { type Condition, type Operator, ownedBy, setConditions, type Work } from "./operator";

const NAME = "leaderworkerset.sigs.k8s.io/name";
const GROUP = "leaderworkerset.sigs.k8s.io/group-index";
const WORKER = "leaderworkerset.sigs.k8s.io/worker-index";

/** LeaderWorkerSet: a StatefulSet of leaders, and for each group one of its workers, all of which find each other by a headless Service. */
export const LEADER_WORKER_SETS: Operator = {
  name: "lws",
  pods: "control-plane=controller-manager,app.kubernetes.io/name=lws",
  kinds: [["leaderworkerset.x-k8s.io/v1", "LeaderWorkerSet"]],
  reconcile,
};

async function reconcile(set: KubernetesObject, work: Work): Promise<void> {
  const { replicas = 1, leaderWorkerTemplate } = set.spec;
  const { size = 1, leaderTemplate, workerTemplate } = leaderWorkerTemplate;
  const { name } = set.metadata;
  const leaders = statefulSet(set, name, replicas, leaderTemplate ?? workerTemplate, { [WORKER]: "0" });
  const workers = [...Array(size > 1 ? replicas : 0).keys()].map((group) =>
    statefulSet(set, `${name}-${group}`, size - 1, workerTemplate, { [GROUP]: String(group) }),
  );
  await work.apply(set, headlessService(set));
  for (const each of [leaders, ...workers]) await work.apply(set, each);
  const live = await Promise.all([leaders, ...workers].map((each) => work.api.read(referenceTo(each))));
  const isWhole = live.every((each) => each?.status?.readyReplicas === each?.spec.replicas);
  await setConditions(work.api, set, [available(isWhole)], {
    replicas,
    readyReplicas: isWhole ? replicas : 0,
    hpaPodSelector: `${NAME}=${name},${WORKER}=0`,
  });
}

function statefulSet(
  set: KubernetesObject,
  name: string,
  replicas: number,
  template: Properties,
  further: Record<string, string>,
): KubernetesObject {
  const labels = { [NAME]: set.metadata.name, ...further };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, ...placeOf(set), labels, ...ownedBy(set) },
    spec: {
      replicas,
      serviceName: set.metadata.name,
      podManagementPolicy: "Parallel",
      selector: { matchLabels: labels },
      template: {
        ...template,
        metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } },
      },
    },
  };
}

function headlessService(set: KubernetesObject): KubernetesObject {
  const { name } = set.metadata;
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, ...placeOf(set), ...ownedBy(set) },
    spec: { clusterIP: "None", publishNotReadyAddresses: true, selector: { [NAME]: name } },
  };
}

function placeOf({ metadata: { namespace } }: KubernetesObject): { namespace?: string } {
  return namespace === undefined ? {} : { namespace };
}

function available(isTrue: boolean): Condition {
  const message = isTrue ? "All replicas are ready" : "Replicas are progressing";
  return {
    type: "Available",
    status: isTrue ? "True" : "False",
    reason: isTrue ? "AllGroupsReady" : "GroupsProgressing",
    message,
  };
}
