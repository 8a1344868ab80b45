import { disruptionBudget, service, serviceAccount } from "./objects";
import { fullName, type StandIn } from "./release";
import { container, deployment, placementOf } from "./workloads";

const PORT = 8085;

/** cluster-autoscaler. Its work is done by the rehearsal's own, as long as a pod of this is ready. */
export const clusterAutoscaler: StandIn = (release) => {
  const { values } = release;
  const name = fullName(release);
  const labels = {
    "app.kubernetes.io/instance": release.name,
    "app.kubernetes.io/name": `${values.cloudProvider ?? "aws"}-${release.chart}`,
  };
  const account = values.rbac?.serviceAccount ?? {};
  const accountName = account.name ?? name;
  return {
    objects: [
      ...disruptionBudget(release, name, { labels, bounds: values.podDisruptionBudget }),
      ...(account.create === false ? [] : [serviceAccount(release, accountName, labels, account)]),
      service(release, name, { labels, ports: [{ name: "http", port: PORT }] }),
      deployment(release, name, {
        labels,
        replicas: values.replicaCount ?? 1,
        strategy: values.updateStrategy,
        podLabels: { ...labels, ...values.podLabels },
        podAnnotations: values.podAnnotations,
        pod: {
          serviceAccountName: accountName,
          dnsPolicy: values.dnsPolicy,
          securityContext: values.securityContext,
          ...placementOf(values),
          containers: [
            {
              ...container(labels["app.kubernetes.io/name"], values.image ?? {}, {
                env: [{ name: "AWS_REGION", value: values.awsRegion }],
                resources: values.resources,
                securityContext: values.containerSecurityContext,
              }),
              // The chart gives it no name.
              ports: [{ containerPort: PORT }],
            },
          ],
        },
      }),
    ],
  };
};
