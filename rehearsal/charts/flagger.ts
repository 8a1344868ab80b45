import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import { releaseObject, service, serviceAccount } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** Flagger. Its work is done by the rehearsal's own, as long as a pod of this is ready. */
export const flagger: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const labels = selectorLabels(release, "flagger");
  const account = values.serviceAccount ?? {};
  const accountName = account.name ?? name;
  return {
    objects: [
      ...(account.create === false ? [] : [serviceAccount(release, accountName, labels, account)]),
      ...budget(release, "flagger", { "app.kubernetes.io/name": "flagger" }),
      ...(values.podMonitor?.enabled ? [podMonitor(release, name, labels)] : []),
      deployment(release, name, {
        labels,
        replicas: values.leaderElection?.replicaCount ?? 1,
        pod: {
          serviceAccountName: accountName,
          ...placed(values),
          containers: [
            container("flagger", values.image ?? {}, {
              ports: { http: 8080 },
              command: ["./flagger", `-mesh-provider=${values.meshProvider}`, `-namespace=${values.namespace}`],
              resources: values.resources,
              securityContext: contextOf(values.securityContext),
            }),
          ],
        },
      }),
    ],
  };
};

/** Flagger's load tester. */
export const loadTester: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const application = values.nameOverride ?? release.chart;
  const selector = { app: application };
  const labels = selectorLabels(release, application);
  return {
    objects: [
      service(release, name, {
        labels,
        selector,
        ports: [{ name: "http", port: values.service?.port ?? 80, targetPort: "http" }],
      }),
      deployment(release, name, {
        labels,
        selector,
        replicas: values.replicaCount ?? 1,
        podLabels: { ...selector, "app.kubernetes.io/name": application, ...values.podLabels },
        pod: {
          serviceAccountName: values.serviceAccountName,
          ...placed(values),
          securityContext: contextOf(values.podSecurityContext),
          volumes: values.volumes,
          containers: [
            container(release.chart, values.image ?? {}, {
              ports: { http: 8080 },
              resources: values.resources,
              volumeMounts: values.volumeMounts,
              securityContext: contextOf(values.securityContext),
            }),
          ],
        },
      }),
    ],
  };
};

function placed({ podPriorityClassName, ...values }: Properties): Properties {
  return placementOf({ ...values, priorityClassName: podPriorityClassName });
}

function contextOf({ enabled, context }: Properties = {}): Properties | undefined {
  return enabled ? context : undefined;
}

function budget(release: StandInRelease, name: string, selector: Labels): KubernetesObject[] {
  const { enabled, minAvailable } = release.values.podDisruptionBudget ?? {};
  if (!enabled) return [];
  const spec = { minAvailable, selector: { matchLabels: selector } };
  return [releaseObject(release, ["policy/v1", "PodDisruptionBudget"], name, selector, { spec })];
}

function podMonitor(release: StandInRelease, name: string, labels: Labels): KubernetesObject {
  const { interval } = release.values.podMonitor;
  return releaseObject(release, ["monitoring.coreos.com/v1", "PodMonitor"], name, labels, {
    spec: {
      podMetricsEndpoints: [{ interval, path: "/metrics", port: "http" }],
      namespaceSelector: { matchNames: [release.namespace] },
      selector: { matchLabels: labels },
    },
  });
}
