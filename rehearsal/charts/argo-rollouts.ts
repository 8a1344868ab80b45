import { releaseObject, service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandIn, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

/** What the chart lets the container do. */
const SECURITY = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** Argo Rollouts. Its work is done by the rehearsal's own, as long as a pod of this is ready. */
export const argoRollouts: StandIn = (release) => {
  const { controller = {}, ...values } = release.values;
  const name = fullName(release);
  const selector = selectorLabels(release, "argo-rollouts", "rollouts-controller");
  const metrics = [{ name: "metrics", port: 8090, targetPort: "metrics" }];
  return {
    objects: [
      serviceAccount(release, name, selector),
      ...(controller.pdb?.enabled
        ? [
            releaseObject(release, ["policy/v1", "PodDisruptionBudget"], name, selector, {
              spec: { minAvailable: controller.pdb.minAvailable, selector: { matchLabels: selector } },
            }),
          ]
        : []),
      ...(controller.metrics?.enabled
        ? [
            service(release, `${name}-metrics`, { labels: selector, ports: metrics }),
            serviceMonitor(release, name, { labels: selector, endpoints: [{ port: "metrics" }] }),
          ]
        : []),
      deployment(release, name, {
        labels: selector,
        replicas: controller.replicas ?? 2,
        pod: {
          serviceAccountName: name,
          securityContext: values.podSecurityContext ?? { runAsNonRoot: true },
          ...placementOf(controller),
          containers: [
            container("argo-rollouts", controller.image ?? {}, {
              ports: { metrics: 8090, healthz: 8080 },
              resources: controller.resources,
              securityContext: values.containerSecurityContext ?? SECURITY,
            }),
          ],
        },
      }),
    ],
  };
};
