import type { PolicyStatement } from "../internal/iam";
import { policyDocument } from "../internal/iam";

/** The ServiceAccount of a controller in kube-system: its identity can be made as soon as the cluster is there. */
export interface ControllerIdentity {
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Controller of the EBS CSI driver. */
export const EBS_CSI_IDENTITY: ControllerIdentity = {
  namespace: "kube-system",
  serviceAccount: "ebs-csi-controller-sa",
};

/** AWS-managed policy of the EBS CSI driver, for `managedPolicyArn`. It covers volumes that the driver itself made. */
export const EBS_CSI_POLICY = "service-role/AmazonEBSCSIDriverPolicyV2";

/** Controller of the EFS CSI driver. */
export const EFS_CSI_IDENTITY: ControllerIdentity = {
  namespace: "kube-system",
  serviceAccount: "efs-csi-controller-sa",
};

/** AWS-managed policy of the EFS CSI driver, for `managedPolicyArn`. */
export const EFS_CSI_POLICY = "service-role/AmazonEFSCSIDriverPolicy";

/** Cluster Autoscaler. */
export const CLUSTER_AUTOSCALER_IDENTITY: ControllerIdentity = {
  namespace: "kube-system",
  serviceAccount: "cluster-autoscaler",
};

/** What Cluster Autoscaler may do: look at everything of its kind, change only the groups of this cluster. */
export function clusterAutoscalerPolicy(clusterName: string, clusterArn: string): string {
  const statements: PolicyStatement[] = [
    {
      Sid: "Look",
      Effect: "Allow",
      Action: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "autoscaling:DescribeTags",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      // These actions know no narrower resource.
      Resource: "*",
    },
    {
      Sid: "LookAtNodeGroups",
      Effect: "Allow",
      Action: "eks:DescribeNodegroup",
      Resource: `${clusterArn.replace(":cluster/", ":nodegroup/")}/*`,
    },
    {
      Sid: "ScaleOwnGroups",
      Effect: "Allow",
      Action: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      Resource: "*",
      // EKS puts this tag on the groups of its node groups.
      Condition: { StringEquals: { [`autoscaling:ResourceTag/kubernetes.io/cluster/${clusterName}`]: "owned" } },
    },
  ];
  return policyDocument(statements);
}
