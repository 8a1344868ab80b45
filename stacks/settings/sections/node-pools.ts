import * as z from "zod";
import { retiredGpu } from "../../../components/internal/instance-types";
import { choice, distinct, exactlyOne, flag, says, text, whole } from "../fields";
import { zone } from "./network";

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
    capacityType: choice(
      "How machines are bought: onDemand, spot, or capacityBlock (GPUs that were reserved for some days). Default onDemand.",
      ["onDemand", "spot", "capacityBlock"],
    ).default("onDemand"),
    capacityBlock: z
      .strictObject({
        reservationId: text(
          "Id of the block's capacity reservation, cr-….",
          /^cr-[0-9a-f]{8,17}$/,
          "must be the id of a capacity reservation",
          "Take it from `aws ec2 describe-capacity-reservations`; it looks like cr-0123456789abcdef0.",
        ),
      })
      .optional()
      .describe("The block, with capacityType capacityBlock. The pool then has one P type, one zone and minSize 0."),
    zones: distinct(z.array(zone("A zone of the network, written as there.")).min(1).max(7))
      .optional()
      .describe(
        "Zones of the pool, a part of the network's; GPUs are not to be had in every zone. Append only. Default all.",
      ),
    minSize: whole(
      "Fewest machines; with perZone, in each zone. With GPUs it counts from the moment that a model server of llm.models is placed here; until then it is 0. EKS refuses to raise it above the machines that run: give desiredSize and resize in the same run.",
      0,
      450,
    ),
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
    efa: flag(
      "Network cards by which GPUs of several machines speak to each other, for models that span machines; types from 8xlarge on, and one zone. Default false.",
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
    "Pools of machines by name. A new cluster needs system, cpu and, for ClickHouse, data. Pools of other names may have GPUs: their nodes are labelled node-type: gpu and tainted nvidia.com/gpu=present:NoSchedule. Every pool's nodes carry its name as workload-type (cpu: general, gpu: llm-inference).",
  );
