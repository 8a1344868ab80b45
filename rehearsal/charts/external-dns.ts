import { service, serviceAccount, serviceMonitor } from "./objects";
import { fullName, type StandIn, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

const PORT = 7979;

/** What the chart lets the container do unless told otherwise; the values are merged over it. */
const SECURITY = {
  privileged: false,
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  runAsUser: 65532,
  runAsGroup: 65532,
  capabilities: { drop: ["ALL"] },
};

const POD_SECURITY = { runAsNonRoot: true, fsGroup: 65534, seccompProfile: { type: "RuntimeDefault" } };

/** external-dns. */
export const externalDns: StandIn = (release) => {
  const { values } = release;
  const [name, labels] = [fullName(release), selectorLabels(release, "external-dns")];
  const account = values.serviceAccount?.name ?? name;
  return {
    objects: [
      ...(values.serviceAccount?.create === false
        ? []
        : [serviceAccount(release, account, labels, values.serviceAccount)]),
      service(release, name, { labels, ports: [{ name: "http", port: PORT, targetPort: "http" }] }),
      deployment(release, name, {
        labels,
        // Two would write the same records.
        replicas: 1,
        strategy: values.deploymentStrategy ?? { type: "Recreate" },
        podLabels: { ...labels, ...values.podLabels },
        podAnnotations: values.podAnnotations,
        pod: {
          serviceAccountName: account,
          automountServiceAccountToken: true,
          securityContext: { ...POD_SECURITY, ...values.podSecurityContext },
          ...placementOf(values),
          containers: [
            container("external-dns", values.image ?? {}, {
              ports: { http: PORT },
              env: values.env,
              resources: values.resources,
              securityContext: { ...SECURITY, ...values.securityContext },
            }),
          ],
        },
      }),
      ...(values.serviceMonitor?.enabled
        ? [serviceMonitor(release, name, { labels, endpoints: [{ port: "http", path: "/metrics" }] })]
        : []),
    ],
  };
};
