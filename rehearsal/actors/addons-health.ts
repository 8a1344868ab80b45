import { hasGpus, INSTANCE_TYPES } from "../../components/internal/instance-types";
import { type AddonTable, addonAccount, addonContainer, addonDaemonSet } from "./addon-objects";

const AGENT = "eks-node-monitoring-agent";

/** Where there are GPUs to be asked; the add-on knows them by the type of the machine. */
const GPU_NODES = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        {
          matchExpressions: [
            { key: "node.kubernetes.io/instance-type", operator: "In", values: INSTANCE_TYPES.filter(hasGpus) },
          ],
        },
      ],
    },
  },
};

/** The add-on that finds nodes to repair. */
export const HEALTH_ADDONS: AddonTable = {
  [AGENT]: ({ nodeAgent = {}, dcgmAgent = {} }) => [
    addonAccount(AGENT),
    addonDaemonSet({
      name: AGENT,
      labels: { "app.kubernetes.io/name": AGENT, "app.kubernetes.io/instance": AGENT },
      serviceAccount: AGENT,
      pod: { hostNetwork: true, hostPID: true },
      containers: [
        addonContainer(AGENT, { cpu: "10m", memory: "30Mi" }, { cpu: "250m", memory: "200Mi" }, [
          { name: "health-probe", containerPort: 8002 },
        ]),
      ],
      configuration: nodeAgent,
    }),
    addonDaemonSet({
      name: "dcgm-server",
      labels: { "k8s-app": "dcgm-server", version: "v1" },
      // Unlike the agent it tolerates nothing unless told to.
      pod: { affinity: GPU_NODES, tolerations: [] },
      containers: [addonContainer(`${AGENT}-dcgm`, {}, {}, [{ name: "dcgm", containerPort: 5555 }])],
      configuration: dcgmAgent,
    }),
  ],
};
