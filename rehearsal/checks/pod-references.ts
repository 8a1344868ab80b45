import type { Properties } from "../providers/provider";

/** Something that must exist for an object to work. */
export interface Reference {
  readonly kind: string;
  readonly name: string;
  /** A key in its data that is read. */
  readonly key?: string;
  /** Where the reference stands, e.g. `env SALT of container web`. */
  readonly where: string;
}

type Found = Reference & { readonly optional?: boolean };

/** Everything that the pod needs by name; what it declares optional is left out. */
export function podReferences(spec: Properties): Reference[] {
  const containers = [...(spec.initContainers ?? []), ...(spec.containers ?? [])] as Properties[];
  const found: Found[] = [
    ...containers.flatMap(containerReferences),
    ...((spec.volumes ?? []) as Properties[]).flatMap(volumeReferences),
    ...((spec.imagePullSecrets ?? []) as Properties[]).map(({ name }) => ({
      kind: "Secret",
      name,
      where: "imagePullSecrets",
    })),
    ...byName("ServiceAccount", spec.serviceAccountName ?? spec.serviceAccount, "serviceAccountName"),
    ...byName("PriorityClass", spec.priorityClassName, "priorityClassName"),
  ];
  return found.filter(({ optional }) => !optional).map(({ optional: _, ...reference }) => reference);
}

/** A reference when there is a name. */
export function byName(kind: string, name: string | undefined, where: string): Reference[] {
  return name === undefined || name === "" ? [] : [{ kind, name, where }];
}

function containerReferences({ name: container, env = [], envFrom = [] }: Properties): Found[] {
  const single = (env as Properties[]).flatMap(({ name, valueFrom = {} }) =>
    keyed(valueFrom.secretKeyRef, valueFrom.configMapKeyRef, `env ${name} of container ${container}`),
  );
  const whole = (envFrom as Properties[]).flatMap(({ secretRef, configMapRef }) =>
    keyed(secretRef, configMapRef, `envFrom of container ${container}`),
  );
  return [...single, ...whole];
}

function keyed(secret: Properties | undefined, configMap: Properties | undefined, where: string): Found[] {
  const found = (kind: string, { name, key, optional }: Properties) => ({ kind, name, key, optional, where });
  return [
    ...(secret === undefined ? [] : [found("Secret", secret)]),
    ...(configMap === undefined ? [] : [found("ConfigMap", configMap)]),
  ];
}

function volumeReferences(volume: Properties): Found[] {
  const where = `volume ${volume.name}`;
  const { secret, configMap, projected, persistentVolumeClaim, csi } = volume;
  const sources = [{ secret, configMap }, ...((projected?.sources ?? []) as Properties[])];
  return [
    ...sources.flatMap((source) => [
      ...mounted("Secret", source.secret, where),
      ...mounted("ConfigMap", source.configMap, where),
    ]),
    ...byName("PersistentVolumeClaim", persistentVolumeClaim?.claimName, where),
    ...byName("Secret", csi?.nodePublishSecretRef?.name, where),
  ];
}

/** A mounted object, and the keys that are picked from it. */
function mounted(kind: string, source: Properties | undefined, where: string): Found[] {
  if (source === undefined) return [];
  const { optional } = source;
  const name = source.secretName ?? source.name;
  const items = (source.items ?? []) as Properties[];
  if (items.length === 0) return [{ kind, name, optional, where }];
  return items.map(({ key }) => ({ kind, name, key, optional, where }));
}
