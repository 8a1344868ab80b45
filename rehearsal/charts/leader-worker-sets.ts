import { configMap, service, serviceAccount } from "./objects";
import { type StandIn, selectorLabels } from "./release";
import { webhookConfiguration } from "./webhooks";
import { container, deployment, placementOf, secretVolume } from "./workloads";

const WEBHOOKS = "lws-webhook-service";
const PORT = 9443;

/** What the chart lets the container do; the values replace it whole. */
const SECURITY = { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ["ALL"] } };

/** LeaderWorkerSets: the controller, whose webhooks see every pod of a group. */
export const leaderWorkerSets: StandIn = (release) => {
  const { values } = release;
  const name = "lws-controller-manager";
  const labels = selectorLabels(release, "lws");
  const pods = { ...labels, "control-plane": "controller-manager" };
  const groups = { apiVersion: "leaderworkerset.x-k8s.io/v1", resources: ["leaderworkersets"] };
  const members = {
    apiVersion: "v1",
    resources: ["pods"],
    operations: ["CREATE"],
    objectSelector: { matchExpressions: [{ key: "leaderworkerset.sigs.k8s.io/name", operator: "Exists" }] },
  };
  return {
    objects: [
      serviceAccount(release, name, labels),
      configMap(release, "lws-manager-config", labels, { "controller_manager_config.yaml": "kind: Configuration\n" }),
      service(release, WEBHOOKS, {
        labels,
        selector: pods,
        ports: [{ name: "webhook", port: 443, targetPort: PORT }],
      }),
      deployment(release, name, {
        labels: pods,
        replicas: values.replicaCount ?? 1,
        pod: {
          serviceAccountName: name,
          automountServiceAccountToken: true,
          securityContext: values.podSecurityContext ?? { runAsNonRoot: true },
          ...placementOf(values),
          // The controller makes its certificates, and writes them into the Secret.
          volumes: [secretVolume("cert", "lws-webhook-server-cert", true)],
          containers: [
            container("manager", values.image?.manager ?? {}, {
              ports: { "webhook-server": PORT },
              resources: values.resources,
              securityContext: values.securityContext ?? SECURITY,
              volumeMounts: [{ name: "cert", mountPath: "/tmp/k8s-webhook-server/serving-certs", readOnly: true }],
            }),
          ],
        },
      }),
    ],
    recorded: [
      webhookConfiguration(release, "MutatingWebhookConfiguration", "lws-mutating-webhook-configuration", WEBHOOKS, [
        { name: "mleaderworkerset.kb.io", ...groups },
        { name: "mpod.kb.io", ...members },
      ]),
      webhookConfiguration(
        release,
        "ValidatingWebhookConfiguration",
        "lws-validating-webhook-configuration",
        WEBHOOKS,
        [
          { name: "vleaderworkerset.kb.io", ...groups },
          { name: "vpod.kb.io", ...members },
        ],
      ),
    ],
  };
};
