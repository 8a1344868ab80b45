import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  canaryReplicas,
  Flagger,
  ModelBlueGreen,
  ModelCanary,
  type ModelColorArgs,
  ModelServer,
  type ModelServerArgs,
  modelServerNames,
} from "../../components";
import { type ColorSettings, canaryServers, type ModelSettings } from "./delivery-settings";
import type { LlmParts } from "./parts";

/** What brings new versions of models. */
export interface ModelDelivery {
  /** Undefined when no server has a canary. */
  readonly flagger?: Flagger;
}

/** Flagger with its load tester, where a server has a canary. `secretsReady`: the API keys exist. */
export function createModelDelivery(parts: LlmParts, secretsReady: pulumi.Input<string>): ModelDelivery {
  const { context, namespaces, operations, monitoring, foundation, providers } = parts;
  const servers = canaryServers(context.settings);
  const { flagger, models } = namespaces;
  if (servers.length === 0 || flagger === undefined || models === undefined || monitoring === undefined) return {};
  return {
    flagger: new Flagger(
      "flagger",
      {
        namespace: flagger.namespaceName,
        canaryNamespace: models.namespaceName,
        prometheusUrl: monitoring.prometheusUrl,
        apiKeySecrets: Object.fromEntries(servers.map((server) => [server, modelServerNames(server).apiKeySecret])),
        podMonitor: operations.serviceMonitors,
        placement: context.placement("flagger"),
        priorityClassName: operations.priorityClasses.serving,
        mirrors: context.mirrors,
        monitorsReady: operations.monitorsReady,
        policiesReady: allReady(flagger.policiesReady, models.policiesReady, foundation.addons.dnsReady),
        secretsReady,
      },
      providers.kubernetes,
    ),
  };
}

/**
 * Makes a server the way its settings say: by a rolling update, behind a canary, in two colours, or not at all, since git has it.
 * The gateway leads to Services by name, and `npm run render` knows the components by their names here.
 */
export function deliverModel(
  parts: LlmParts,
  delivery: ModelDelivery,
  settings: ModelSettings,
  args: ModelServerArgs,
): void {
  const { canary, blueGreen, owner } = settings.delivery;
  const name = `model-${args.server}`;
  if (owner === "argocd") return;
  if (blueGreen) createBlueGreen(name, parts, settings, args);
  else if (canary) createCanary(name, parts, delivery, settings, args);
  else new ModelServer(name, args, parts.providers.kubernetes);
}

function createCanary(
  name: string,
  { monitoring, providers }: LlmParts,
  { flagger }: ModelDelivery,
  { delivery: { canary } }: ModelSettings,
  args: ModelServerArgs,
): void {
  const { autoscaling } = args;
  if (canary === undefined || autoscaling === undefined || monitoring === undefined || flagger === undefined) {
    throw new pulumi.RunError(`${name}: a canary needs autoscaling and Prometheus, which the settings' rules ask for`);
  }
  const server = new ModelServer(
    name,
    // The Services are Flagger's, and the workload is only the version that is tried.
    { ...args, service: false, autoscaling: { ...autoscaling, ...canaryReplicas(autoscaling, canary) } },
    providers.kubernetes,
  );
  const { timeToFirstTokenSeconds, successPercent, alert, ...analysis } = canary;
  new ModelCanary(
    `${name}-canary`,
    {
      namespace: args.namespace,
      server: args.server,
      servedName: args.model.servedName,
      prometheusUrl: monitoring.prometheusUrl,
      startupBudget: args.timing?.startupBudget,
      autoscaler: { minReplicas: autoscaling.minReplicas, maxReplicas: autoscaling.maxReplicas },
      analysis,
      objectives: { timeToFirstTokenSeconds, successPercent },
      load: { loadTesterUrl: flagger.loadTesterUrl },
      alert,
      controllerReady: flagger.ready,
      serverReady: server.ready,
    },
    providers.kubernetes,
  );
}

function createBlueGreen(
  name: string,
  { context, operations, providers }: LlmParts,
  { delivery: { blueGreen } }: ModelSettings,
  args: ModelServerArgs,
): void {
  if (blueGreen === undefined) throw new pulumi.RunError(`${name}: no colours are given`);
  const { activeColor, blue, green } = blueGreen;
  new ModelBlueGreen(
    name,
    {
      server: args,
      activeColor,
      blue: blue && color(args, blue),
      green: green && color(args, green),
      smoke: {
        placement: context.placement("langfuseJobs"),
        priorityClassName: operations.priorityClasses.batch,
      },
    },
    providers.kubernetes,
  );
}

function color({ model: { digest: _, ...model } }: ModelServerArgs, own: ColorSettings): ModelColorArgs {
  const { version, digest, engine, image } = own;
  return {
    // A digest is one version's.
    ...(version === undefined ? {} : { model: { ...model, version, ...(digest === undefined ? {} : { digest }) } }),
    ...(engine === undefined ? {} : { engine }),
    ...(image === undefined ? {} : { image }),
  };
}
