import { creationMinutes } from "./durations";
import { providerUrn } from "./plan";
import type { RecordedResource } from "./recorder";

/** When a resource is created if nothing but its dependencies holds it up. */
export interface ScheduledResource {
  readonly resource: RecordedResource;
  /** Minutes after the start of `pulumi up`. */
  readonly start: number;
  readonly finish: number;
  /** 1 for what waits for nothing, else one more than the highest wave that it waits for. */
  readonly wave: number;
}

/** The creation of a whole stack. */
export interface Schedule {
  readonly resources: ScheduledResource[];
  /** Minutes until the last resource is there: a lower bound, since the engine runs a limited number of steps at once. */
  readonly minutes: number;
  /** The chain that decides `minutes`, first to last. */
  readonly criticalPath: ScheduledResource[];
}

/** Schedules every real resource as early as its dependencies and its provider allow. */
export function scheduleOf(resources: readonly RecordedResource[]): Schedule {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const scheduled = new Map<string, ScheduledResource>();
  const previous = new Map<string, string>();
  const visiting = new Set<string>();

  const visit = (resource: RecordedResource): ScheduledResource => {
    const known = scheduled.get(resource.urn);
    if (known) return known;
    if (visiting.has(resource.urn)) throw new Error(`${resource.urn} waits for itself`);
    visiting.add(resource.urn);
    let start = 0;
    let wave = 1;
    for (const urn of waitsFor(resource)) {
      const dependency = byUrn.get(urn);
      if (!dependency) continue;
      const { finish, wave: dependencyWave } = visit(dependency);
      if (finish > start) {
        start = finish;
        previous.set(resource.urn, urn);
      }
      if (resource.custom) wave = Math.max(wave, dependencyWave + 1);
    }
    visiting.delete(resource.urn);
    const entry = { resource, start, finish: start + creationMinutes(resource), wave };
    scheduled.set(resource.urn, entry);
    return entry;
  };
  // In the order of URNs, so that ties always fall the same way, whatever was registered first.
  for (const urn of [...byUrn.keys()].sort()) visit(byUrn.get(urn) as RecordedResource);

  const real = [...scheduled.values()].filter(({ resource }) => resource.custom);
  const last = real.reduce<ScheduledResource | undefined>(
    (latest, entry) => (latest === undefined || entry.finish > latest.finish ? entry : latest),
    undefined,
  );
  const criticalPath: ScheduledResource[] = [];
  for (let urn = last?.resource.urn; urn !== undefined; urn = previous.get(urn)) {
    const entry = scheduled.get(urn);
    if (entry) criticalPath.unshift(entry);
  }
  return { resources: real, minutes: last?.finish ?? 0, criticalPath };
}

function waitsFor(resource: RecordedResource): string[] {
  const provider = providerUrn(resource);
  return provider === "" ? resource.dependencies : [...resource.dependencies, provider];
}
