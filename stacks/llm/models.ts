import { allReady, type ModelGateway } from "../../components";
import { createArgoCd } from "../delivery";
import { createModelAccess } from "./access";
import { createModelDelivery } from "./delivery";
import { createModelGateway } from "./gateway";
import { createGpus } from "./gpu";
import { createModelImports } from "./imports";
import { createModelAdvice, createModelMonitoring } from "./monitoring";
import type { LlmParts } from "./parts";
import { createModelServers } from "./servers";
import { createModelStore, type ModelStoreParts } from "./store";

/** What models tell the rest of the stack. */
export interface Models {
  readonly gateway?: ModelGateway;
  readonly store: ModelStoreParts["store"];
}

/** Models on GPUs: their weights, their servers, the way to them, and what brings new versions. */
export function createModels(parts: LlmParts): Models | undefined {
  const access = createModelAccess(parts);
  if (access === undefined) return undefined;
  const stored = createModelStore(parts);
  const gpus = createGpus(parts);
  const weights = createModelImports(parts, stored, access);
  const adviceReady = createModelAdvice(parts);
  const delivery = createModelDelivery(parts, access.ready);
  createModelServers(parts, { gpus, access, weights, delivery, adviceReady });
  createModelMonitoring(parts);
  const gateway = createModelGateway(parts, access);
  // What git brings finds its Secrets, its weights and its machines.
  createArgoCd(parts, allReady(access.ready, gpus.gpusReady, weights.identityReady, ...Object.values(weights.ready)));
  return { store: stored.store, gateway };
}
