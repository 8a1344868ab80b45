import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { modelPodLabels, modelServerNames } from "../llm/model-names";
import type { ModelCanaryAlertArgs, ModelCanaryArgs } from "./model-canary-args";
import { checkModelCanaryArgs } from "./model-canary-checks";
import { canaryDeadline, canaryNames, canarySpec, metricTemplates } from "./model-canary-spec";

const API_VERSION = "flagger.app/v1beta1";

/**
 * Tries each new version of a model server on a part of the traffic: Flagger keeps the proven version as `<server>-primary`, and
 * owns the Services. Progress is judged by the time to the first token and by failed requests. The server itself, its Secret and
 * the load tester are not managed here.
 */
export class ModelCanary extends pulumi.ComponentResource {
  /**
   * Name of two objects that Flagger makes: a Service of the proven version, for callers inside the cluster, and a TraefikService
   * that shares out the traffic, for the gateway.
   */
  readonly serviceName: pulumi.Output<string>;
  /** Gate: the proven version serves. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: ModelCanaryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:ModelCanary", name, {}, opts);
    checkModelCanaryArgs(name, args);
    const made = { parent: this, dependsOn: after(args.controllerReady) };
    const templates = metricTemplates(args).map(
      (template) =>
        new kubernetes.apiextensions.CustomResource(
          `${name}-${template.role}`,
          {
            apiVersion: API_VERSION,
            kind: "MetricTemplate",
            metadata: metadata(args, template.name),
            spec: template.spec,
          },
          made,
        ),
    );
    const provider = args.alert ? [alertProvider(name, args, args.alert, made)] : [];
    const minutes = `${Math.ceil(canaryDeadline(args) / 60) + 5}m`;
    const canary = new kubernetes.apiextensions.CustomResource(
      `${name}-canary`,
      {
        apiVersion: API_VERSION,
        kind: "Canary",
        metadata: {
          ...metadata(args, canaryNames(args.server).canary),
          // True after the first start and after each success; a new version is tried without anybody waiting.
          annotations: { "pulumi.com/waitFor": "condition=Promoted" },
        },
        spec: canarySpec(args),
      },
      {
        parent: this,
        dependsOn: after(args.controllerReady, args.serverReady, ready([...templates, ...provider])),
        customTimeouts: { create: minutes, update: minutes, delete: "10m" },
      },
    );
    this.serviceName = ready([canary]).apply(() => modelServerNames(args.server).service);
    this.ready = ready([canary]);
    this.registerOutputs({ serviceName: this.serviceName, ready: this.ready });
  }
}

function metadata(args: ModelCanaryArgs, name: string) {
  return { namespace: args.namespace, name, labels: modelPodLabels(args.server) };
}

function alertProvider(
  name: string,
  args: ModelCanaryArgs,
  alert: ModelCanaryAlertArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  return new kubernetes.apiextensions.CustomResource(
    `${name}-alerts`,
    {
      apiVersion: API_VERSION,
      kind: "AlertProvider",
      metadata: metadata(args, canaryNames(args.server).alertProvider),
      spec: {
        type: alert.type,
        username: "flagger",
        ...(alert.channel === undefined ? {} : { channel: alert.channel }),
        secretRef: { name: alert.secretName },
      },
    },
    opts,
  );
}
