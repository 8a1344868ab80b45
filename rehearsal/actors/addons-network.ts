import {
  type AddonTable,
  addonAccount,
  addonContainer,
  addonDaemonSet,
  addonDeployment,
  addonObject,
  CRITICAL_ADDONS_ONLY,
} from "./addon-objects";

const DNS = { "k8s-app": "kube-dns", "eks.amazonaws.com/component": "coredns" };
/** EKS' address of the cluster's name server. */
const DNS_ADDRESS = "172.20.0.10";

/** Add-ons that make pods reach each other. */
export const NETWORK_ADDONS: AddonTable = {
  "vpc-cni": (configuration) => [
    addonAccount("aws-node"),
    addonDaemonSet({
      name: "aws-node",
      labels: {
        "k8s-app": "aws-node",
        "app.kubernetes.io/name": "aws-node",
        "app.kubernetes.io/instance": "aws-vpc-cni",
      },
      selector: { "k8s-app": "aws-node" },
      serviceAccount: "aws-node",
      pod: { hostNetwork: true, initContainers: [addonContainer("aws-vpc-cni-init", { cpu: "25m" })] },
      containers: [
        { ...addonContainer("aws-node", { cpu: "25m" }, {}, [{ name: "metrics", containerPort: 61678 }]) },
        addonContainer("aws-eks-nodeagent", { cpu: "25m" }),
      ],
      configuration,
    }),
  ],
  "kube-proxy": (configuration) => [
    addonAccount("kube-proxy"),
    addonDaemonSet({
      name: "kube-proxy",
      labels: { "k8s-app": "kube-proxy" },
      serviceAccount: "kube-proxy",
      pod: { hostNetwork: true },
      containers: [addonContainer("kube-proxy", { cpu: "100m" })],
      configuration,
    }),
  ],
  "eks-pod-identity-agent": (configuration) => [
    addonDaemonSet({
      name: "eks-pod-identity-agent",
      labels: {
        "app.kubernetes.io/name": "eks-pod-identity-agent",
        "app.kubernetes.io/instance": "eks-pod-identity-agent",
      },
      pod: { hostNetwork: true },
      containers: [addonContainer("eks-pod-identity-agent", {}, {}, [{ name: "proxy", containerPort: 80 }])],
      configuration,
    }),
  ],
  coredns: (configuration) => [
    addonAccount("coredns"),
    addonObject("v1", "ConfigMap", "coredns", DNS, { data: { Corefile: ".:53 {\n    errors\n}\n" } }),
    addonObject("v1", "Service", "kube-dns", DNS, {
      spec: {
        clusterIP: DNS_ADDRESS,
        selector: { "k8s-app": "kube-dns" },
        ports: [
          { name: "dns", port: 53, protocol: "UDP" },
          { name: "dns-tcp", port: 53, protocol: "TCP" },
          { name: "metrics", port: 9153, protocol: "TCP" },
        ],
      },
    }),
    ...addonDeployment({
      name: "coredns",
      labels: DNS,
      serviceAccount: "coredns",
      pod: {
        tolerations: [{ key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" }, CRITICAL_ADDONS_ONLY],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: "topology.kubernetes.io/zone",
            whenUnsatisfiable: "ScheduleAnyway",
            labelSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        volumes: [{ name: "config-volume", configMap: { name: "coredns" } }],
      },
      containers: [
        {
          ...addonContainer("coredns", { cpu: "100m", memory: "70Mi" }, { memory: "170Mi" }, [
            { name: "dns", containerPort: 53, protocol: "UDP" },
            { name: "dns-tcp", containerPort: 53, protocol: "TCP" },
            { name: "metrics", containerPort: 9153, protocol: "TCP" },
          ]),
          volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
        },
      ],
      configuration,
    }),
  ],
};
