import { DNS_LABEL } from "../internal/names";
import { formatProblem, type Problem, Problems } from "../internal/problems";
import { parallelismOf } from "./engine-defaults";
import { modelAdviceProblems, modelAutoscalingProblems } from "./model-autoscaling-checks";
import { fitOf } from "./model-fit";
import { problemUnless } from "./model-fit-engine";
import { limitProblems } from "./model-fit-node";
import type { ModelServerArgs } from "./model-server-args";
import { adapterProblems, resourceProblems, timingProblems, tracingProblems } from "./model-server-detail-checks";
import { ModelWeightsKind, ModelWorkloadKind } from "./model-server-kinds";
import { workloadKindOf } from "./model-server-workload";
import { modelVersionProblems } from "./model-store-checks";

/** Throws everything that is wrong with a server's arguments at once. */
export function checkModelServerArgs(name: string, args: ModelServerArgs): void {
  const problems = new Problems();
  for (const problem of modelServerProblems(args)) problems.check(false, problem);
  problems.throwIfAny("ModelServer", name);
}

/** Everything that is wrong with a server's arguments. Settings are judged by the same. */
export function modelServerProblems(args: ModelServerArgs): Problem[] {
  return [
    ...nameProblems(args),
    ...weightsProblems(args),
    ...workloadProblems(args),
    ...scalingProblems(args),
    ...resourceProblems(args),
    ...timingProblems(args),
    ...adapterProblems(args),
    ...tracingProblems(args),
    ...fitProblems(args),
  ];
}

/** What is allowed and likely a mistake, one sentence each. */
export function modelServerWarnings(args: ModelServerArgs): string[] {
  return [...new Set(fits(args).flatMap(({ warnings }) => warnings))];
}

const SERVED_NAME = /^[A-Za-z0-9][-A-Za-z0-9_.:/]{0,127}$/;
const LONGEST_SERVER = 40;

function nameProblems({ server, model, image }: ModelServerArgs): Problem[] {
  return [
    ...problemUnless(DNS_LABEL.test(server) && /^[a-z]/.test(server) && server.length <= LONGEST_SERVER, {
      path: "server",
      rule: `must be a DNS label of at most ${LONGEST_SERVER} characters that begins with a letter`,
      got: server,
      fix: "Rename it.",
    }),
    ...modelVersionProblems("model", { model: model.name, version: model.version }).map((problem) =>
      problem.path === "model.model" ? { ...problem, path: "model.name" } : problem,
    ),
    ...problemUnless(model.digest === undefined || /^[0-9a-f]{64}$/.test(model.digest), {
      path: "model.digest",
      rule: "must be 64 hexadecimal digits",
      got: model.digest,
      fix: "Copy it from the last line of the import's log.",
    }),
    ...problemUnless(model.servedName === undefined || SERVED_NAME.test(model.servedName), {
      path: "model.servedName",
      rule: "must be at most 128 letters, digits, dots, colons, slashes, dashes and underscores",
      got: model.servedName,
      fix: "Leave it out to serve under the server's name.",
    }),
    ...problemUnless(image === undefined || exactImage(image), {
      path: "image",
      rule: "must name a registry, a repository, and an exact tag or digest",
      got: image,
      fix: "Write it like registry.example.com/vllm:v0.32.0; a tag such as latest changes under a running server.",
    }),
  ];
}

function exactImage(image: string): boolean {
  const [, tag] =
    /^[a-z0-9.-]+\.[a-z]+(?::\d+)?\/[a-z0-9._/-]+(?::([\w][\w.-]{0,127}))?(?:@sha256:[0-9a-f]{64})?$/.exec(image) ?? [
      undefined,
      "latest",
    ];
  const digest = /@sha256:[0-9a-f]{64}$/.test(image);
  return digest || (tag !== undefined && tag !== "latest");
}

function weightsProblems({ weights, image }: ModelServerArgs): Problem[] {
  const { kind, s3Streamer } = weights;
  const others = Object.values(ModelWeightsKind).filter((other) => other !== kind && weights[other] !== undefined);
  const missing = kind !== ModelWeightsKind.S3Streamer && weights[kind] === undefined;
  const within = (value: number | undefined, most: number) =>
    value === undefined || (Number.isInteger(value) && value >= 1 && value <= most);
  return [
    ...problemUnless(Object.values(ModelWeightsKind).includes(kind), {
      path: "weights.kind",
      rule: `must be one of ${Object.values(ModelWeightsKind).join(", ")}`,
      got: kind,
      fix: "Use s3Streamer.",
    }),
    ...others.map((other) => ({
      path: `weights.${other}`,
      rule: `must be left out with kind ${kind}`,
      fix: `Leave it out, or set kind to ${other}.`,
    })),
    ...problemUnless(!missing, {
      path: `weights.${kind}`,
      rule: `is required with kind ${kind}`,
      fix: kind === ModelWeightsKind.Image ? "Add it with the path in the image." : "Add it with the volume's claim.",
    }),
    ...problemUnless(kind !== ModelWeightsKind.Image || missing || /^\/./.test(weights.image?.path ?? ""), {
      path: "weights.image.path",
      rule: "must be an absolute path",
      got: weights.image?.path,
      fix: "Write where the weights lie in the image, such as /weights.",
    }),
    ...problemUnless(kind !== ModelWeightsKind.Image || image !== undefined, {
      path: "image",
      rule: "is required with weights in the image: vLLM's own has none",
      fix: "Build an image on vLLM's and name it.",
    }),
    ...problemUnless(within(s3Streamer?.concurrency, 256), {
      path: "weights.s3Streamer.concurrency",
      rule: "must be a whole number from 1 to 256",
      got: s3Streamer?.concurrency,
      fix: "Use 16.",
    }),
    ...problemUnless(within(s3Streamer?.bufferGiB, 64), {
      path: "weights.s3Streamer.bufferGiB",
      rule: "must be a whole number from 1 to 64",
      got: s3Streamer?.bufferGiB,
      fix: "Use 4.",
    }),
  ];
}

function workloadProblems(args: ModelServerArgs): Problem[] {
  const { nodesPerReplica } = args;
  const multiNode = workloadKindOf(args) === ModelWorkloadKind.MultiNode;
  const { stages } = parallelismOf(args.engine);
  if (!multiNode) {
    return problemUnless(nodesPerReplica === undefined, {
      path: "nodesPerReplica",
      rule: "must be left out unless workload is multiNode",
      got: nodesPerReplica,
      fix: "Leave it out, or set workload to multiNode.",
    });
  }
  const several = nodesPerReplica !== undefined && Number.isInteger(nodesPerReplica) && nodesPerReplica >= 2;
  return [
    ...problemUnless(several, {
      path: "nodesPerReplica",
      rule: "must be a whole number of at least 2 with workload multiNode",
      got: nodesPerReplica ?? "none",
      fix: "Set it, or set workload to deployment.",
    }),
    ...problemUnless(!several || nodesPerReplica === stages, {
      path: "nodesPerReplica",
      rule: `must equal engine.pipelineParallelSize (${stages}): each node of a group holds one stage`,
      got: nodesPerReplica,
      fix: "Make both equal.",
    }),
  ];
}

function scalingProblems(args: ModelServerArgs): Problem[] {
  const { autoscaling, replicas, maxUnavailable = 1, advice } = args;
  return [
    ...(autoscaling === undefined ? [] : modelAutoscalingProblems("autoscaling", autoscaling)),
    ...(autoscaling === undefined ? [] : modelAdviceProblems("autoscaling", advice, autoscaling)),
    ...problemUnless(replicas === undefined || autoscaling === undefined, {
      path: "replicas",
      rule: "must be left out with autoscaling, which decides it",
      got: replicas,
      fix: "Leave it out, or remove autoscaling.",
    }),
    ...problemUnless(replicas === undefined || (Number.isInteger(replicas) && replicas >= 0), {
      path: "replicas",
      rule: "must be a whole number, 0 or more",
      got: replicas,
      fix: "Correct it.",
    }),
    ...problemUnless(Number.isInteger(maxUnavailable) && maxUnavailable >= 1, {
      path: "maxUnavailable",
      rule: "must be a whole number of at least 1: with 0 no node could ever be drained",
      got: maxUnavailable,
      fix: "Use 1.",
    }),
  ];
}

function fits(args: ModelServerArgs) {
  const { model, instanceTypes } = args;
  // A server on machines of unknown types is judged by what holds on any.
  const types = instanceTypes.length === 0 ? [""] : instanceTypes;
  return types.map((instanceType) => ({
    ...fitOf({ ...args, facts: model.facts, instanceType }),
    ...(instanceType === "" ? { warnings: [] } : {}),
  }));
}

function fitProblems(args: ModelServerArgs): Problem[] {
  const found = fits(args).flatMap(({ problems }, index) =>
    problems.map((problem) =>
      problem.path === "instanceTypes" ? { ...problem, path: `instanceTypes[${index}]` } : problem,
    ),
  );
  const limits = found.length > 0 ? [] : limitProblems({ ...args, facts: args.model.facts, instanceType: "" });
  // What does not depend on the type is found once for each.
  return [...new Map([...found, ...limits].map((problem) => [formatProblem(problem), problem])).values()];
}
