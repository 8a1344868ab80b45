import * as components from "../../../components";
import { CANARY, PROMETHEUS, SERVER } from "../delivery/delivery-fixtures";
import type { Make } from "./make";

/** Components of delivery, with the least that makes something. */
export const DELIVERY_MAKERS: Record<string, Make> = {
  ArgoApplications: (name, options) =>
    new components.ArgoApplications(
      name,
      {
        namespace: name,
        project: "production",
        destinationNamespace: "models",
        repository: { url: "https://github.com/acme/models.git", path: "environments/prod" },
        application: { name: "llm-production" },
        argoCdReady: "ready",
      },
      options,
    ),
  ArgoCd: (name, options) => new components.ArgoCd(name, { namespace: name, managedNamespaces: ["models"] }, options),
  ArgoRollouts: (name, options) => new components.ArgoRollouts(name, { namespace: name }, options),
  Flagger: (name, options) =>
    new components.Flagger(name, { namespace: name, canaryNamespace: "models", prometheusUrl: PROMETHEUS }, options),
  ModelBlueGreen: (name, options) =>
    new components.ModelBlueGreen(
      name,
      { server: { ...SERVER, namespace: name }, activeColor: components.ModelColor.Blue, blue: {}, green: {} },
      options,
    ),
  ModelCanary: (name, options) => new components.ModelCanary(name, { ...CANARY, namespace: name }, options),
  WebRollout: (name, options) =>
    new components.WebRollout(
      name,
      {
        namespace: name,
        autoscaling: { minReplicas: 3, maxReplicas: 20, cpuPercent: 70 },
        errorRateQuery: "vector(0)",
        prometheusUrl: PROMETHEUS,
        controllerReady: "ready",
        releaseReady: "ready",
      },
      options,
    ),
};
