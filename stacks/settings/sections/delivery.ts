import * as z from "zod";
import { GIT_PATH, GIT_URL } from "../../../components/delivery/argo-applications-checks";
import { text, whole } from "../fields";

const repository = z
  .strictObject({
    url: text(
      "Git repository, https://… or git@….",
      GIT_URL,
      "must be a URL of git over HTTPS or SSH, without a password",
      "Write it like https://github.com/acme/models.git.",
    ),
    revision: z.string().min(1).default("main").describe("Branch, tag or commit. Default main."),
    path: text(
      "Folder that `npm run render` writes to, with its kustomization. Default environments/<stack>.",
      GIT_PATH,
      "must be a folder inside the repository",
      "Write it like environments/prod.",
    ).optional(),
    username: z
      .string()
      .min(1)
      .default("git")
      .describe("User beside secrets.argoCdRepositoryPassword; GitHub takes any. Default git."),
  })
  .describe(
    "Where the manifests are. Argo CD signs in by secrets.argoCdRepositoryPassword or secrets.argoCdRepositoryKey; without either the repository is public, or a Secret of somebody else's names it.",
  );

const region = z
  .strictObject({
    region: text(
      "Region, part of the Application's name, e.g. us-east-1.",
      /^[a-z]([-a-z0-9]{0,30}[a-z0-9])?$/,
      "must be lower-case letters, digits and dashes",
      "Write it like us-east-1.",
    ),
    cluster: text(
      "Name under which the cluster is registered with Argo CD; in-cluster is its own.",
      /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/,
      "must be the name of a cluster",
      "Take it from `argocd cluster list`.",
    ),
    replicas: whole("Fewest replicas of every server there.", 1, 1000),
  })
  .describe("A cluster that gets the same manifests.");

const argoCd = z
  .strictObject({
    repository,
    regions: z
      .array(region)
      .min(1)
      .optional()
      .describe(
        "Clusters that get the manifests, each with its number of replicas. Default this cluster alone, as rendered.",
      ),
  })
  .describe("Argo CD, for model servers with delivery.owner argocd. Default none.");

/** `delivery`: what brings new versions besides `pulumi up`. */
export const deliverySection = z
  .strictObject({ argoCd: argoCd.optional() })
  .prefault({})
  .describe("What brings new versions besides `pulumi up`. Default nothing.");
