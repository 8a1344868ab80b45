import type { KubernetesObject } from "../api/objects";
import type { Properties } from "../providers/provider";
import {
  type AddonTable,
  addonAccount,
  addonContainer,
  addonDaemonSet,
  addonDeployment,
  addonObject,
  type Configuration,
  CRITICAL_ADDONS_ONLY,
} from "./addon-objects";

const REQUESTS = { cpu: "10m", memory: "40Mi" };
const LIMITS = { memory: "256Mi" };
const TOLERATIONS = [CRITICAL_ADDONS_ONLY, { operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }];

/** A CSI driver: a Deployment that makes volumes, and a DaemonSet that mounts them. */
interface Driver {
  /** Prefix of its names, e.g. `ebs-csi`. */
  readonly prefix: string;
  readonly application: string;
  /** As storage classes have it. */
  readonly provisioner: string;
  readonly controllers: readonly string[];
  readonly nodes: readonly string[];
  readonly spec: Properties;
}

const EBS: Driver = {
  prefix: "ebs-csi",
  application: "aws-ebs-csi-driver",
  provisioner: "ebs.csi.aws.com",
  controllers: ["ebs-plugin", "csi-provisioner", "csi-attacher", "csi-snapshotter", "csi-resizer", "liveness-probe"],
  nodes: ["ebs-plugin", "node-driver-registrar", "liveness-probe"],
  spec: { attachRequired: true, podInfoOnMount: false, fsGroupPolicy: "File" },
};

const EFS: Driver = {
  prefix: "efs-csi",
  application: "aws-efs-csi-driver",
  provisioner: "efs.csi.aws.com",
  controllers: ["efs-plugin", "csi-provisioner", "liveness-probe"],
  nodes: ["efs-plugin", "csi-driver-registrar", "liveness-probe"],
  spec: { attachRequired: false },
};

const FSX: Driver = {
  prefix: "fsx-csi",
  application: "aws-fsx-csi-driver",
  provisioner: "fsx.csi.aws.com",
  controllers: ["fsx-plugin", "csi-provisioner", "csi-resizer", "liveness-probe"],
  nodes: ["fsx-plugin", "node-driver-registrar", "liveness-probe"],
  spec: { attachRequired: false, fsGroupPolicy: "ReadWriteOnceWithFSType" },
};

/** Add-ons that give pods volumes. */
export const STORAGE_ADDONS: AddonTable = {
  "aws-ebs-csi-driver": (configuration) => driverObjects(EBS, configuration),
  "aws-efs-csi-driver": (configuration) => driverObjects(EFS, configuration),
  "aws-fsx-csi-driver": (configuration) => driverObjects(FSX, configuration),
  "aws-mountpoint-s3-csi-driver": ({ controller = {}, node = {} }) => s3Objects(controller, node),
  "snapshot-controller": (configuration) => [
    addonAccount("snapshot-controller"),
    ...addonDeployment({
      name: "snapshot-controller",
      labels: { "app.kubernetes.io/name": "snapshot-controller", "app.kubernetes.io/instance": "snapshot-controller" },
      serviceAccount: "snapshot-controller",
      containers: [addonContainer("snapshot-controller")],
      configuration,
    }),
  ],
};

/** Mountpoint for S3: one controller, which starts a pod for each mount, and an agent on every node. */
function s3Objects(controller: Configuration, node: Configuration): KubernetesObject[] {
  const labels = (name: string) => ({ app: name, "app.kubernetes.io/name": "aws-mountpoint-s3-csi-driver" });
  const { metadata, ...driver } = addonObject(
    "storage.k8s.io/v1",
    "CSIDriver",
    "s3.csi.aws.com",
    {},
    {
      spec: { attachRequired: false, podInfoOnMount: true },
    },
  );
  const [deployment] = addonDeployment({
    name: "s3-csi-controller",
    labels: labels("s3-csi-controller"),
    serviceAccount: "s3-csi-driver-controller-sa",
    containers: [addonContainer("s3-csi-controller")],
    configuration: { ...controller, replicas: 1 },
  });
  return [
    { ...driver, metadata: { name: metadata.name } } as KubernetesObject,
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "mount-s3" } },
    addonAccount("s3-csi-driver-controller-sa"),
    addonAccount("s3-csi-driver-sa"),
    ...(deployment === undefined ? [] : [deployment]),
    addonDaemonSet({
      name: "s3-csi-node",
      labels: labels("s3-csi-node"),
      serviceAccount: "s3-csi-driver-sa",
      containers: ["s3-plugin", "node-driver-registrar", "liveness-probe"].map((name) =>
        addonContainer(name, REQUESTS, LIMITS),
      ),
      configuration: node,
    }),
  ];
}

function driverObjects(driver: Driver, { controller = {}, node = {} }: Configuration): KubernetesObject[] {
  const { prefix, application, provisioner, controllers, nodes, spec } = driver;
  const labels = (name: string) => ({ app: name, "app.kubernetes.io/name": application });
  const containers = (names: readonly string[]) => names.map((name) => addonContainer(name, REQUESTS, LIMITS));
  const [controllerName, nodeName] = [`${prefix}-controller`, `${prefix}-node`];
  const { metadata, ...driverObject } = addonObject("storage.k8s.io/v1", "CSIDriver", provisioner, {}, { spec });
  const accountOf = (name: string, { serviceAccount }: Configuration) => serviceAccount?.name ?? `${name}-sa`;
  return [
    // Drivers live outside namespaces.
    { ...driverObject, metadata: { name: metadata.name } } as KubernetesObject,
    addonAccount(accountOf(controllerName, controller)),
    addonAccount(accountOf(nodeName, node)),
    ...addonDeployment({
      name: controllerName,
      labels: labels(controllerName),
      serviceAccount: accountOf(controllerName, controller),
      pod: { tolerations: TOLERATIONS },
      containers: containers(controllers),
      configuration: controller,
    }),
    addonDaemonSet({
      name: nodeName,
      labels: labels(nodeName),
      serviceAccount: accountOf(nodeName, node),
      containers: containers(nodes),
      configuration: node,
    }),
  ];
}
