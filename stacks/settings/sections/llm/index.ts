import * as z from "zod";
import { flag, text } from "../../fields";
import { modelAccessSettings } from "./access";
import { autoscalingEntries } from "./autoscaling";
import { deliveryEntries } from "./delivery";
import { modelGatewaySettings } from "./gateway";
import { gpuSettings } from "./gpu";
import { modelEntries } from "./model";
import { modelMonitoringSettings } from "./monitoring";
import { sourceEntries } from "./source";
import { modelStoreSettings } from "./store";
import { weightsEntries } from "./weights";

const server = text(
  "Name of a model server.",
  /^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/,
  "must be the name of a model server: at most 40 lower-case letters, digits and dashes",
  "Rename it.",
);

const model = z
  .strictObject({ ...modelEntries, ...sourceEntries, ...weightsEntries, ...autoscalingEntries, ...deliveryEntries })
  .describe("A model server: what it serves, on which machines, and how many of it.");

/** `llm`: models on GPUs, and the way to them. */
export const llmSection = z
  .strictObject({
    enabled: flag("Whether anything of this section is made. Default false.", false),
    host: text(
      "Name under which callers reach the models, e.g. api.example.com; lies in dns.domain. Required when enabled.",
      /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)+$/,
      "must be a host name in lower case, without scheme, port or path",
      "Write it like api.example.com.",
    ).optional(),
    gpu: gpuSettings,
    store: modelStoreSettings,
    gateway: modelGatewaySettings,
    access: modelAccessSettings,
    monitoring: modelMonitoringSettings,
    models: z.record(server, model).default({}).describe("Model servers by name."),
  })
  .prefault({})
  .describe("Models on GPUs, and the way to them. Default nothing.");
