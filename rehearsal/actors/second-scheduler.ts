import type { KubernetesApi } from "../api/api";
import type { KubernetesObject } from "../api/objects";
import { readiness } from "../kubernetes/readiness";

/** Starts a real kube-scheduler from the text of its configuration, in place of one that runs by now. */
export type SchedulerStarter = (configuration: string) => Promise<void>;

/** Runs the scheduler of the stack itself, if it has one: a real kube-scheduler, from the very ConfigMap that its pods mount. */
export class SecondScheduler {
  private readonly started = new Set<string>();

  constructor(
    private readonly api: KubernetesApi,
    private readonly start: SchedulerStarter,
  ) {}

  async round(): Promise<void> {
    const [pods, configMaps] = await Promise.all([this.api.list("v1", "Pod"), this.api.list("v1", "ConfigMap")]);
    for (const configuration of configurationsOf(pods, configMaps)) {
      if (this.started.has(configuration)) continue;
      await this.start(configuration);
      this.started.add(configuration);
    }
  }
}

/** Configurations of schedulers in the ConfigMaps that ready pods mount. */
export function configurationsOf(pods: readonly KubernetesObject[], configMaps: readonly KubernetesObject[]): string[] {
  const mounted = new Set(pods.filter((pod) => readiness(pod).state === "ready").flatMap(mountsOf));
  return configMaps
    .filter(({ metadata }) => mounted.has(`${metadata.namespace}/${metadata.name}`))
    .flatMap(({ data = {} }) => Object.values(data as Record<string, string>))
    .filter((text) => /^kind: *"?KubeSchedulerConfiguration"?\s*$/m.test(text));
}

function mountsOf({ metadata, spec }: KubernetesObject): string[] {
  const volumes = (spec.volumes ?? []) as { configMap?: { name?: string } }[];
  return volumes.flatMap(({ configMap }) => (configMap?.name ? [`${metadata.namespace}/${configMap.name}`] : []));
}
