import * as z from "zod";
import { retiredGpu } from "../../../components/internal/instance-types";
import { choice, distinct, exactlyOne, flag, says, text, whole } from "../fields";

const instanceType = () =>
  text(
    "An EC2 instance type, e.g. m7i.large.",
    /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/,
    "must be an EC2 instance type",
    "Write it as EC2 does, such as m7i.large.",
  ).refine(
    (type) => !retiredGpu(type),
    says(
      "must not be a p2 or p3 type: their GPUs are too old for current drivers and model servers",
      "Use g6e, p4d or p5.",
    ),
  );

const labelKey = (description: string) =>
  text(
    description,
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/,
    "must be a Kubernetes label key",
    "Write it as name or domain/name.",
  );

const labelValue = (description: string) =>
  text(
    description,
    /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    "must be a Kubernetes label value: at most 63 letters, digits, dashes, dots and underscores",
    "Shorten it or take other characters out.",
  );

const taint = z
  .strictObject({
    key: labelKey("Key of the taint."),
    value: labelValue("Value of the taint. Default empty.").default(""),
    effect: choice("What happens to pods that do not tolerate it.", ["NoSchedule", "PreferNoSchedule", "NoExecute"]),
  })
  .describe("A taint.");

const pool = exactlyOne(
  z.strictObject({
    instanceType: instanceType().optional(),
    instanceTypes: distinct(z.array(instanceType()).min(1).max(20))
      .optional()
      .describe("Several interchangeable instance types, best first; for spot. Instead of instanceType."),
    capacityType: choice("How machines are bought: onDemand or spot. Default onDemand.", ["onDemand", "spot"]).default(
      "onDemand",
    ),
    minSize: whole("Fewest machines; with perZone, in each zone.", 0, 450),
    maxSize: whole("Most machines; with perZone, in each zone.", 1, 450),
    desiredSize: whole(
      "Machines at the start, afterwards the autoscaler's business. Default minSize.",
      0,
      450,
    ).optional(),
    resize: flag(
      "For one run: sets the pool to desiredSize instead of leaving its size to the autoscaler. Needed to raise minSize above the present size. Default false.",
      false,
    ),
    diskSizeGiB: whole("Root disk of each machine in GiB. Default 100, with GPUs 200.", 20, 16384).optional(),
    perZone: flag(
      "One group of machines in each zone, so that a pod whose volume lies in a zone finds a machine there. Default false.",
      false,
    ),
    labels: z
      .record(labelKey("Key of a label."), labelValue("Value of the label."))
      .default({})
      .describe("Labels of the nodes besides node-type and workload-type, which the platform sets. Default none."),
    taints: z
      .array(taint)
      .default([])
      .describe("Taints of the nodes besides the pool's own; none on system, cpu and data. Default none."),
  }),
  ["instanceType", "instanceTypes"],
)
  .transform(({ instanceType, instanceTypes, ...rest }) => ({
    ...rest,
    /** At least one; the first is what sizes are judged by. */
    instanceTypes: instanceTypes ?? (instanceType === undefined ? [] : [instanceType]),
  }))
  .describe("A pool of machines.");

/** `nodePools`: machines by pool. `system`, `cpu` and `data` are used by the platform, others by model servers and the like. */
export const nodePoolsSection = z
  .record(
    text(
      "Name of a pool.",
      /^[a-z]([-a-z0-9]{0,18}[a-z0-9])?$/,
      "must be a pool name of at most 20 lower-case letters, digits and dashes",
      "Rename the pool.",
    ),
    pool,
  )
  .default({})
  .describe(
    "Pools of machines by name. A new cluster needs system, cpu and, for ClickHouse, data. Pools of other names may have GPUs: their nodes are labelled node-type: gpu and tainted nvidia.com/gpu=present:NoSchedule. Every pool's nodes carry its name as workload-type (cpu: general).",
  );
