import { fullName, type Labels, type StandInRelease } from "./release";

/** What kube-prometheus-stack puts on the objects of one of its own parts. */
export function stackLabels(release: StandInRelease, part: string): Labels {
  return {
    app: `${fullName(release)}-${part}`,
    release: release.name,
    "app.kubernetes.io/instance": release.name,
    "app.kubernetes.io/part-of": release.chart,
    heritage: "Helm",
  };
}
