import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import {
  allReady,
  EncryptionKey,
  GPU_TAINT,
  ISSUERS,
  KeyService,
  MODEL_CATALOGUE,
  MODEL_SERVICE_ACCOUNTS,
  ModelAccess,
  ModelGateway,
  ModelHealthRoute,
  ModelImport,
  ModelServer,
  ModelStore,
  ModelWeightsKind,
  modelFlows,
  modelImporterStatements,
  modelReaderStatements,
  policyDocument,
  WorkloadIdentity,
  WorkloadNamespace,
} from "llm-platform";

/** What the global stack reads of a region. */
export interface RegionalOutputs {
  readonly entry: { readonly dnsName: string; readonly hostedZoneId: string; readonly loadBalancerArn: string };
  readonly modelStore: { readonly bucketName: pulumi.Output<string>; readonly kmsKeyArn: pulumi.Output<string> };
}

const namespace = "models";
const server = "assistant";
const version = "1";
const { facts, ...source } = MODEL_CATALOGUE["qwen2.5-72b-instruct-awq"];
/** With `nvidia.com/gpu: 2`, half of a g6e.12xlarge. */
const resources = { requests: { cpu: "8", memory: "64Gi" }, limits: { cpu: "16", memory: "96Gi" } };
/** Traefik and its counter of requests, as the cluster has them. */
const traefik = { pods: { namespace: "ingress" } };
const anywhere = { addresses: { cidrs: ["0.0.0.0/0"], except: ["169.254.0.0/16"] } };

/** A model store, and once `serve` is set a model server behind the load balancer of a cluster that exists. */
export function regionalStack(config: pulumi.Config): RegionalOutputs {
  const region = config.require("region");
  const options = { providers: [new aws.Provider("aws", { region }), clusterProvider(config)] };
  const durable = config.requireBoolean("durable");
  const { keyArn } = new EncryptionKey(
    "key",
    { description: "Models", accountId: config.require("accountId"), region, services: [KeyService.S3], durable },
    options,
  );
  const home = new WorkloadNamespace(
    "models",
    {
      namespace,
      flows: modelFlows({
        namespace,
        callers: { ingress: traefik },
        podIdentity: true,
        counter: { from: traefik, to: anywhere, port: 6379 },
      }),
    },
    options,
  );
  const store = new ModelStore(
    "store",
    { namespace: home.namespaceName, create: { kmsKeyArn: keyArn, durable }, environment: "prod" },
    options,
  );
  if (config.requireBoolean("serve")) serve(config, home, store, options);
  return {
    entry: config.requireObject<RegionalOutputs["entry"]>("entry"),
    modelStore: { bucketName: store.bucketName, kmsKeyArn: keyArn },
  };
}

/** Weights, server and routes. Where nothing is imported, pods wait until the copies of the home region have arrived. */
function serve(
  config: pulumi.Config,
  home: WorkloadNamespace,
  store: ModelStore,
  options: pulumi.ComponentResourceOptions,
): void {
  const host = config.require("host");
  const place = { namespace: home.namespaceName };
  const { policiesReady } = home;
  // One key everywhere: a caller is sent from one region to another and has only one.
  const access = new ModelAccess(
    "access",
    { ...place, servers: [server], apiKey: config.requireSecret("apiKey") },
    options,
  );
  const identity = identityOf("server", MODEL_SERVICE_ACCOUNTS.server, modelReaderStatements, config, store, options);
  const weightsReady = config.getBoolean("import") ? imported(config, home, store, access, options) : undefined;
  const models = new ModelServer(
    server,
    {
      ...place,
      server,
      model: { name: server, version, facts },
      engine: { tensorParallelSize: 2 },
      weights: { kind: ModelWeightsKind.S3Streamer },
      replicas: config.requireNumber("replicas"),
      resources,
      instanceTypes: ["g6e.12xlarge"],
      placement: {
        nodeSelector: { "node-type": "gpu" },
        tolerations: [{ key: GPU_TAINT.key, operator: "Exists", effect: GPU_TAINT.effect }],
      },
      gates: {
        weightsReady: allReady(weightsReady, store.ready),
        identityReady: identity.ready,
        policiesReady,
        secretsReady: access.ready,
      },
    },
    options,
  );
  // The cluster's Traefik is there, and serves the namespace.
  const controllerReady = "ready";
  new ModelGateway(
    "gateway",
    {
      ...place,
      host,
      routes: [{ server, serviceName: models.serviceName }],
      traefik: { controllerReady, issuerName: ISSUERS.letsEncrypt, counter: { host: config.require("counterHost") } },
    },
    options,
  );
  // What the health checks of the global stack ask, at the region's own name.
  new ModelHealthRoute(
    "health",
    {
      ...place,
      server,
      serviceName: models.serviceName,
      host: `${config.require("region")}.${host}`,
      traefik: { controllerReady },
    },
    options,
  );
}

/** The home region's import; the gate opens when the weights are in the store. */
function imported(
  config: pulumi.Config,
  home: WorkloadNamespace,
  store: ModelStore,
  access: ModelAccess,
  options: pulumi.ComponentResourceOptions,
): pulumi.Output<string> {
  const identity = identityOf("import", MODEL_SERVICE_ACCOUNTS.import, modelImporterStatements, config, store, options);
  const { ready } = new ModelImport(
    "import",
    {
      namespace: home.namespaceName,
      model: server,
      version,
      huggingFace: { repository: source.repository, revision: source.revision },
      gates: {
        storeReady: store.ready,
        identityReady: allReady(identity.ready, access.ready),
        policiesReady: home.policiesReady,
      },
    },
    options,
  );
  return ready;
}

/** Lets a ServiceAccount do with the store what `statements` say. */
function identityOf(
  name: string,
  serviceAccount: string,
  statements: typeof modelReaderStatements,
  config: pulumi.Config,
  store: ModelStore,
  options: pulumi.ComponentResourceOptions,
): WorkloadIdentity {
  const policy = pulumi
    .all([store.bucketArn, store.kmsKeyArn, store.region])
    .apply(([bucketArn, kmsKeyArn, region]) => policyDocument(statements({ bucketArn, kmsKeyArn, region })));
  const cluster = { clusterName: config.require("clusterName"), clusterArn: config.require("clusterArn") };
  return new WorkloadIdentity(name, { ...cluster, namespace, serviceAccount, policy }, options);
}

function clusterProvider(config: pulumi.Config): kubernetes.Provider {
  return new kubernetes.Provider("kubernetes", {
    kubeconfig: config.requireSecret("kubeconfig"),
    clusterIdentifier: config.require("clusterName"),
    enableSecretMutable: true,
    enableConfigMapMutable: true,
  });
}
