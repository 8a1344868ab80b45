import * as z from "zod";
import { Addons } from "../../../components/internal/addon-versions";
import { KUBERNETES_MINORS, type KubernetesMinor } from "../../../components/internal/kubernetes-versions";
import { choice, cidr, createOrExisting, distinct, flag, kubernetesName, says, text } from "../fields";

/** What a cluster that exists may have already. */
export const PROVIDED = ["ingressController", "certManager", "keda", "prometheusOperator", "priorityClasses"] as const;

const ADDONS = Object.values(Addons) as [Addons, ...Addons[]];

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const principals = (can: string) =>
  distinct(
    z.array(
      text(
        "ARN of an IAM role or user.",
        /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
        "must be the ARN of an IAM role or user",
        "Write it as arn:aws:iam::<account>:role/<name>; a session's ARN (sts, assumed-role) is not accepted by EKS.",
      ),
    ),
  )
    .default([])
    .describe(
      `IAM roles or users who ${can} besides the role that runs the deployment, which may always do everything: do not list it. Default none.`,
    );

const create = z
  .strictObject({
    kubernetesVersion: choice(
      'Kubernetes minor, in quotes. Raise it one at a time. Default "1.35".',
      KUBERNETES_MINORS as [KubernetesMinor, ...KubernetesMinor[]],
    ).default("1.35"),
    endpoint: z
      .strictObject({
        publicAccessCidrs: distinct(z.array(cidr("A public IPv4 range.")))
          .default([])
          .describe(
            "Public addresses that reach the API server: people's, and the runner's that deploys. Empty switches the public endpoint off. Default empty.",
          ),
        reachedPrivately: flag(
          "Says that whoever deploys reaches the VPC itself (VPN, peering, a runner inside). Default false.",
          false,
        ),
      })
      .prefault({})
      .describe("Who reaches the API server. Its private endpoint is always on."),
    admins: principals("administer the cluster"),
    viewers: principals("look at everything in the cluster except Secrets"),
    serviceCidr: cidr(
      "Range of Service addresses, /12 to /24, private and apart from the VPC. A change replaces the cluster. Default 172.20.0.0/16.",
    ).default("172.20.0.0/16"),
    addonVersions: z
      .partialRecord(
        choice("Name of an EKS add-on.", ADDONS),
        text(
          "Version of the add-on.",
          /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
          "must be the exact version of an EKS add-on",
          "Copy it from `aws eks describe-addon-versions`, such as v1.23.0-eksbuild.1.",
        ),
      )
      .default({})
      .describe(
        "Versions of EKS add-ons instead of the ones this release pins, for when EKS withdraws one. Default none.",
      ),
    logRetentionDays: z
      .int()
      .refine(
        (days) => RETENTIONS.includes(days),
        says("must be a retention that CloudWatch offers", `Choose one of ${RETENTIONS.join(", ")}.`),
      )
      .default(30)
      .describe("Days that control-plane logs (audit included) are kept, as CloudWatch offers them. Default 30."),
  })
  .describe("Make an EKS cluster.");

const existing = z
  .strictObject({
    name: kubernetesName("Name of the cluster, as shown in outputs and monitoring."),
    provides: distinct(z.array(choice("Something that the cluster has.", PROVIDED)))
      .default([])
      .describe("What the cluster has already and this stack therefore leaves out. Default nothing."),
    storageClass: kubernetesName(
      "StorageClass of the volumes that this stack asks for; it makes none there. Default the cluster's default class.",
    ).optional(),
    apiServerCidrs: distinct(z.array(cidr("An IPv4 range.")).min(1))
      .default(["0.0.0.0/0"])
      .describe(
        "Ranges of the API server as pods see it (its Service and its endpoints), for the network policies. Default any address, on its ports only.",
      ),
  })
  .describe(
    "Use a Kubernetes cluster of any make, by the kubeconfig in secrets.kubeconfig. It must run metrics-server, and its stores must exist too.",
  );

/** `cluster`: the Kubernetes cluster, made or adopted. */
export const clusterSection = createOrExisting("The Kubernetes cluster.", create, existing);
