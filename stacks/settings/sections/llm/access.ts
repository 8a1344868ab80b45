import * as z from "zod";
import { distinct, text, whole } from "../../fields";

const roles = (may: string) =>
  distinct(
    z.array(
      text(
        "ARN of an IAM role.",
        /^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/,
        "must be the ARN of an IAM role",
        "Write it as arn:aws:iam::<account>:role/<name>.",
      ),
    ),
  )
    .default([])
    .describe(`Roles that may ${may}, besides the cluster's admins. Default none.`);

/** `llm.access`: who may look at model servers, and who may operate them. */
export const modelAccessSettings = z
  .strictObject({
    readers: roles("look at everything in namespace models but Secrets"),
    operators: roles(
      "also scale, restart and change workloads there; who changes a workload can make it show its API key",
    ),
    keyRevision: whole(
      "Raise it by one to give every model server a new API key; the old one ends when its pods have rolled. Default 0.",
      0,
      100000,
    ).default(0),
  })
  .prefault({})
  .describe("Who may look at model servers, and who may operate them.");
