import * as components from "../../../components";
import type { Make } from "./make";

/** Components of model serving, with the least that makes something. */
export const LLM_MAKERS: Record<string, Make> = {
  GpuRuntime: (name, options) => new components.GpuRuntime(name, { namespace: name, efa: true }, options),
  GpuScheduler: (name, options) => new components.GpuScheduler(name, { kubernetesVersion: "1.35" }, options),
  ModelAccess: (name, options) => new components.ModelAccess(name, { namespace: name, servers: ["llama"] }, options),
  ModelGateway: (name, options) =>
    new components.ModelGateway(
      name,
      {
        namespace: name,
        host: "api.example.com",
        routes: [{ server: "llama", serviceName: "llama" }],
        traefik: { controllerReady: "ready", counter: { host: "redis.example.internal" } },
      },
      options,
    ),
  ModelMonitoring: (name, options) =>
    new components.ModelMonitoring(name, { namespace: name, monitorsReady: "ready" }, options),
  ModelRouter: (name, options) =>
    new components.ModelRouter(
      name,
      { namespace: name, servers: ["llama"], apiKeySecretName: "llama-api-key" },
      options,
    ),
  ModelHealthRoute: (name, options) =>
    new components.ModelHealthRoute(
      name,
      {
        namespace: name,
        server: "llama",
        serviceName: "llama",
        host: "us-east-1.api.example.com",
        traefik: { controllerReady: "ready" },
      },
      options,
    ),
  LeaderWorkerSets: (name, options) => new components.LeaderWorkerSets(name, { namespace: name }, options),
  ModelServer: (name, options) =>
    new components.ModelServer(
      name,
      {
        namespace: name,
        server: "llama",
        model: { name: "qwen", version: "1", facts: components.MODEL_CATALOGUE["qwen2.5-7b-instruct"].facts },
        weights: { kind: components.ModelWeightsKind.S3Streamer },
        resources: { requests: { cpu: "2", memory: "12Gi" }, limits: { cpu: "4", memory: "16Gi" } },
        instanceTypes: ["g6.2xlarge"],
      },
      options,
    ),
  LustreFileSystem: (name, options) =>
    new components.LustreFileSystem(
      name,
      { vpcId: "vpc-1", subnetId: "subnet-a", clientSecurityGroupId: "sg-1", bucketName: "models" },
      options,
    ),
  ModelImport: (name, options) =>
    new components.ModelImport(
      name,
      {
        namespace: name,
        model: "llama",
        version: "1",
        huggingFace: { repository: "owner/llama", revision: "0123456789abcdef0123456789abcdef01234567" },
      },
      options,
    ),
  ModelStore: (name, options) =>
    new components.ModelStore(
      name,
      {
        namespace: name,
        create: { kmsKeyArn: "arn:aws:kms:us-east-1:111111111111:key/1", durable: true },
        environment: "prod",
      },
      options,
    ),
  ModelVolume: (name, options) =>
    new components.ModelVolume(name, { namespace: name, claimName: "llm-model-pvc", efs: {} }, options),
};
