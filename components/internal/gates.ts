import * as pulumi from "@pulumi/pulumi";

/**
 * A gate: a string Output that carries dependencies on resources and whose value never changes. A component offers one
 * as `ready`; another takes it in its Args and hands it to `after`.
 *
 * Built from URNs, which are known even while resources are only planned: a value that waits for a gate stays known in a
 * preview, so a new route or endpoint never makes the preview claim that the nodes behind it will be replaced.
 */
export function ready(...resources: pulumi.Input<pulumi.Input<pulumi.Resource>[]>[]): pulumi.Output<string> {
  const urns = resources.map((group) =>
    pulumi.output(group).apply((members) => pulumi.all((members as pulumi.Resource[]).map((member) => member.urn))),
  );
  return pulumi.all(urns).apply(() => "ready");
}

/**
 * `dependsOn` for gates: the resource waits for everything behind them, on creation, and goes before it on destruction.
 * Uses the documented rule of `dependsOn` that an Output adds the resources it depends on; `tests/components/internal/gates.spec.ts`
 * holds the SDK to it.
 */
export function after(...gates: (pulumi.Input<unknown> | undefined)[]): pulumi.Output<pulumi.Resource[]> {
  return pulumi.all(gates.filter((gate) => gate !== undefined)).apply((): pulumi.Resource[] => []);
}

/** One gate for several: open when all of them are. */
export function allReady(...gates: (pulumi.Input<unknown> | undefined)[]): pulumi.Output<string> {
  return pulumi.all(gates.filter((gate) => gate !== undefined)).apply(() => "ready");
}

/** `value`, with the order of `gates` added to it: for a resource whose only way to wait is one of its inputs. */
export function valueAfter<T>(
  value: pulumi.Input<T>,
  ...gates: (pulumi.Input<unknown> | undefined)[]
): pulumi.Output<T> {
  return pulumi.all([value, allReady(...gates)]).apply(([inner]) => inner as T);
}
