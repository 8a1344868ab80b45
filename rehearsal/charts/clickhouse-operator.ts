import { createHash } from "node:crypto";
import type { Properties } from "../providers/provider";
import { configMap, service, serviceAccount } from "./objects";
import { fullName, type Labels, type StandIn, type StandInRelease, selectorLabels } from "./release";
import { container, deployment, placementOf } from "./workloads";

const NAME = "altinity-clickhouse-operator";
const FOLDER = "etc-clickhouse-operator-folder";

/** The Altinity operator. What it would make of installations is made by the rehearsal's own, as long as its pod is ready. */
export const clickHouseOperator: StandIn = (release) => {
  const { values } = release;
  const [name, labels] = [fullName(release), selectorLabels(release, NAME)];
  const files = `${name}-files`;
  const configuration = JSON.stringify(values.configs?.files ?? {});
  return {
    objects: [
      serviceAccount(release, accountName(release), labels, values.serviceAccount),
      configMap(release, files, labels, { "config.yaml": configuration }),
      service(release, `${name}-metrics`, {
        labels,
        ports: [
          { name: "ch-metrics", port: 8888 },
          { name: "op-metrics", port: 9999 },
        ],
      }),
      operator(release, name, labels, { files, checksum: createHash("sha256").update(configuration).digest("hex") }),
    ],
  };
};

function accountName(release: StandInRelease): string {
  return release.values.serviceAccount?.name ?? fullName(release);
}

function operator(
  release: StandInRelease,
  name: string,
  labels: Labels,
  { files, checksum }: { readonly files: string; readonly checksum: string },
) {
  const { values } = release;
  const volumeMounts = [{ name: FOLDER, mountPath: "/etc/clickhouse-operator" }];
  const part = (word: "operator" | "metrics", own: string, ports: Readonly<Record<string, number>>): Properties => {
    const { image = {}, resources, containerSecurityContext: securityContext } = values[word] ?? {};
    const { livenessProbe, readinessProbe } = values[word] ?? {};
    return container(own, image, { ports, resources, securityContext, livenessProbe, readinessProbe, volumeMounts });
  };
  return deployment(release, name, {
    labels,
    replicas: 1,
    strategy: { type: "Recreate" },
    podLabels: { ...labels, ...values.podLabels },
    // A changed configuration is a new pod.
    podAnnotations: { ...values.podAnnotations, "checksum/files": checksum },
    pod: {
      serviceAccountName: accountName(release),
      securityContext: values.podSecurityContext,
      ...placementOf(values),
      priorityClassName: values.operator?.priorityClassName,
      volumes: [{ name: FOLDER, configMap: { name: files } }],
      containers: [
        part("operator", NAME, { "op-metrics": 9999 }),
        ...(values.metrics?.enabled === false ? [] : [part("metrics", "metrics-exporter", { "ch-metrics": 8888 })]),
      ],
    },
  });
}
