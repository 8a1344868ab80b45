import * as z from "zod";
import { ALERT_SEVERITIES, ALERT_TYPES } from "../../../../components/delivery/model-canary-checks";
import { CANARY_DEFAULTS } from "../../../../components/delivery/model-canary-spec";
import { choice, kubernetesName, text, whole } from "../../fields";
import { engineSettings } from "./engine";

const alert = z
  .strictObject({
    type: choice("Kind of chat: slack, msteams, rocket or discord.", ALERT_TYPES),
    channel: z.string().min(1).optional().describe("Channel, where the kind has such. Default the hook's own."),
    secretName: kubernetesName(
      "Kubernetes Secret in namespace models whose entry address is the URL to post to; somebody else's.",
    ),
    severity: choice("From what on: info, warn or error. Default warn.", ALERT_SEVERITIES).default("warn"),
  })
  .describe("Who hears of a canary. Default nobody but Prometheus.");

const canary = z
  .strictObject({
    intervalSeconds: whole("Seconds between two steps. Default 60.", 30, 3600).default(CANARY_DEFAULTS.intervalSeconds),
    threshold: whole("Failed checks after which all traffic goes back. Default 5.", 1, 100).default(
      CANARY_DEFAULTS.threshold,
    ),
    maxWeight: whole("Most traffic before the new version takes over, in percent. Default 50.", 1, 100).default(
      CANARY_DEFAULTS.maxWeight,
    ),
    stepWeight: whole("Traffic that each step adds, in percent. Default 10.", 1, 100).default(
      CANARY_DEFAULTS.stepWeight,
    ),
    timeToFirstTokenSeconds: z
      .number()
      .positive()
      .max(600)
      .default(CANARY_DEFAULTS.timeToFirstTokenSeconds)
      .describe("Seconds until the first token that 95 of 100 requests must stay below. Default 2."),
    successPercent: z
      .number()
      .min(50)
      .max(99.999)
      .default(CANARY_DEFAULTS.successPercent)
      .describe("Requests of 100 that must not fail by the server's fault. Default 99."),
    alert: alert.optional(),
  })
  .describe("Try each new version on a part of the traffic, by Flagger. Default: a rolling update.");

const color = z
  .strictObject({
    version: text(
      "Version of the model in the store, in quotes. Default the server's.",
      /^[0-9a-z]([0-9a-z.-]{0,30}[0-9a-z])?$/,
      "must be at most 32 lower-case letters, digits, dots and dashes",
      'Write it like "2".',
    ).optional(),
    digest: text(
      "Digest that this version must have, as its import reports it. Default any.",
      /^[0-9a-f]{64}$/,
      "must be 64 hexadecimal digits",
      "Copy it from the last line of the import's log.",
    ).optional(),
    engine: engineSettings
      .unwrap()
      .optional()
      .describe("Arguments of vLLM for this colour, all of them. Default the server's."),
    image: text(
      "Image of this colour, with its registry and an exact tag or digest. Default the server's.",
      /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(\/[a-z0-9._-]+)+(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$/,
      "must be an image with its registry and an exact tag or digest",
      "Write it like docker.io/vllm/vllm-openai:v0.32.0.",
    ).optional(),
  })
  .describe("What this colour has other than the server; an empty block is the server as it is.");

const blueGreen = z
  .strictObject({
    activeColor: choice("The colour that callers reach: blue or green. To change it is the switch.", ["blue", "green"]),
    blue: color.optional(),
    green: color.optional(),
  })
  .describe("Two versions side by side, of which callers reach one. Default: one version.");

/** Entries of `llm.models.<server>` that say who brings a new version, and how. */
export const deliveryEntries = {
  delivery: z
    .strictObject({
      owner: choice(
        "Who owns workload, Service, ConfigMaps, budget and scaling of the server: pulumi, or argocd, which takes them from git (npm run render). Default pulumi.",
        ["pulumi", "argocd"],
      ).default("pulumi"),
      canary: canary.optional(),
      blueGreen: blueGreen.optional(),
    })
    .prefault({})
    .describe("Who brings a new version of the server, and how. Default: `pulumi up`, by a rolling update."),
};
