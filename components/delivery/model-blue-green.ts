import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { Problems } from "../internal/problems";
import { MODEL_PORT, modelServerNames, modelWorkloadSelector } from "../llm/model-names";
import { ModelServer } from "../llm/model-server";
import { ModelWorkloadKind } from "../llm/model-server-kinds";
import { type ModelBlueGreenArgs, ModelColor } from "./model-blue-green-args";
import { type ColoredServer, coloredName, coloredServers } from "./model-blue-green-colors";
import { modelSmokeJob } from "./model-smoke-job";

/** `-green` has to fit into the name of a server. */
const LONGEST_NAME = 34;

/**
 * Two versions of a model server side by side, of which callers reach one. A smoke Job asks each version for an answer once; the
 * Service selects a colour only after its Job has passed. The API key, weights and the gateway are not managed here.
 */
export class ModelBlueGreen extends pulumi.ComponentResource {
  /** The Service that callers reach, whichever colour is active. */
  readonly serviceName: pulumi.Output<string>;
  /** Gate: the active colour serves and has answered, and callers reach it. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelBlueGreenArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelBlueGreen", name, {}, opts);
    checkModelBlueGreenArgs(name, args);
    const colors = coloredServers(args).map((color) => ({ color, job: coloredServer(name, args, color, this) }));
    // Of the active colour alone: trouble with an idle one must never stand between callers and the way back.
    const proven = colors.filter(({ color }) => color.active).map(({ job }) => job);
    const service = stableService(name, args, { parent: this, dependsOn: after(ready(proven)) });
    this.serviceName = ready([service]).apply(() => modelServerNames(args.server.server).service);
    this.ready = ready([service]);
    this.registerOutputs({ serviceName: this.serviceName, ready: this.ready });
  }
}

/** A colour and the Job that asks it. */
function coloredServer(
  name: string,
  { server, smoke }: ModelBlueGreenArgs,
  { color, args }: ColoredServer,
  parent: pulumi.Resource,
): kubernetes.batch.v1.Job {
  const made = new ModelServer(`${name}-${color}`, args, { parent });
  const { namespace, model, engine, image, loraAdapters, mirrors } = args;
  return modelSmokeJob(
    `${name}-${color}-smoke`,
    {
      namespace,
      server: args.server,
      servedName: model.servedName ?? server.server,
      apiKeySecret: args.apiKeySecretName ?? modelServerNames(server.server).apiKeySecret,
      version: { model, engine, image, loraAdapters },
      ...(mirrors === undefined ? {} : { mirrors }),
    },
    smoke ?? {},
    { parent, dependsOn: after(made.ready) },
  );
}

function stableService(
  name: string,
  { server, activeColor }: ModelBlueGreenArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Service {
  const { service } = modelServerNames(server.server);
  return new kubernetes.core.v1.Service(
    `${name}-service`,
    {
      metadata: {
        namespace: server.namespace,
        name: service,
        labels: { app: service, "app.kubernetes.io/part-of": "llm-platform", "llm-platform/active-color": activeColor },
      },
      spec: {
        type: "ClusterIP",
        selector: modelWorkloadSelector(coloredName(server.server, activeColor)),
        ports: [{ name: "http", port: MODEL_PORT, targetPort: MODEL_PORT, protocol: "TCP" }],
      },
    },
    opts,
  );
}

function checkModelBlueGreenArgs(name: string, args: ModelBlueGreenArgs): void {
  const problems = new Problems();
  const { server, activeColor, smoke } = args;
  const colors: string[] = Object.values(ModelColor);
  problems.check(colors.includes(activeColor), {
    path: "activeColor",
    rule: `must be one of ${colors.join(", ")}`,
    got: activeColor,
    fix: "Choose one of them.",
  });
  problems.check(!colors.includes(activeColor) || args[activeColor] !== undefined, {
    path: activeColor,
    rule: "must be given: it is the active colour",
    fix: `Add ${activeColor}, empty for the server as it is, or change activeColor.`,
  });
  problems.check(server.server.length <= LONGEST_NAME, {
    path: "server.server",
    rule: `must be at most ${LONGEST_NAME} characters, since each colour is added to it`,
    got: server.server,
    fix: "Shorten it.",
  });
  problems.check(server.workload !== ModelWorkloadKind.MultiNode, {
    path: "server.workload",
    rule: "must not be multiNode: the Service of both colours selects pods, and only the first pod of a group answers",
    got: server.workload,
    fix: "Use deployment, or one version at a time.",
  });
  problems.check(server.service !== false, {
    path: "server.service",
    rule: "must not be false: each colour is asked by its own Service",
    got: server.service,
    fix: "Leave it out.",
  });
  const seconds = smoke?.timeoutSeconds ?? 300;
  problems.check(Number.isInteger(seconds) && seconds >= 30 && seconds <= 3600, {
    path: "smoke.timeoutSeconds",
    rule: "must be a whole number from 30 to 3600",
    got: seconds,
    fix: "Leave it out, or use 300.",
  });
  problems.throwIfAny("ModelBlueGreen", name);
}
