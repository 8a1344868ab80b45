import { service, serviceMonitor } from "./objects";
import { fullName, type StandInRelease } from "./release";
import { stackLabels } from "./stack-labels";

/** Monitors of what every cluster has: the API server, CoreDNS, the kubelets. The values may switch each off. */
export function clusterMonitors(release: StandInRelease) {
  const { values } = release;
  const name = fullName(release);
  const isOn = (block: string) => values[block]?.enabled !== false;
  const monitor = (part: string, matchLabels: Readonly<Record<string, string>>, port: string, namespace: string) =>
    serviceMonitor(
      release,
      `${name}-${part}`,
      { labels: stackLabels(release, part), selector: { matchLabels }, endpoints: [{ port }] },
      namespace,
    );
  const dns = { app: `${name}-coredns` };
  return [
    ...(isOn("kubeApiServer")
      ? [monitor("apiserver", { component: "apiserver", provider: "kubernetes" }, "https", "default")]
      : []),
    ...(isOn("coreDns")
      ? [
          service(release, `${name}-coredns`, {
            labels: { ...stackLabels(release, "coredns"), jobLabel: "coredns" },
            selector: { "k8s-app": "kube-dns" },
            ports: [{ name: "http-metrics", port: 9153 }],
            namespace: "kube-system",
            headless: true,
          }),
          monitor("coredns", dns, "http-metrics", "kube-system"),
        ]
      : []),
    // Its Service is made by the operator.
    ...(isOn("kubelet")
      ? [
          monitor(
            "kubelet",
            { "app.kubernetes.io/name": "kubelet", "k8s-app": "kubelet" },
            "https-metrics",
            "kube-system",
          ),
        ]
      : []),
  ];
}
