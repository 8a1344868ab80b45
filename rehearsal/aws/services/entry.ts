import type { Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { freshHex } from "../identifiers";
import { refusal } from "../refusal";
import type { Draft, LiveResource, RuleTable } from "../resource";
import { HEALTH_CHECK } from "./global-entry";
import { checkInternetGateway } from "./network";
import { vpcOf } from "./network-paths";

const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGET_GROUP = "aws:lb/targetGroup:TargetGroup";
const RECORD = "aws:route53/record:Record";
const ZONE = "aws:route53/zone:Zone";
const CERTIFICATE = "aws:acm/certificate:Certificate";
const LISTENER = "aws:lb/listener:Listener";

/** Load balancers, DNS and certificates. */
export const ENTRY_RULES: RuleTable = {
  [BALANCER]: {
    name: { property: "name" },
    replaces: ["internal", "loadBalancerType", "customerOwnedIpv4Pool"],
    replacesBetween: networkBalancerReplacements,
    tagged: true,
    idFrom: "arn",
    references: {
      "subnets[]": { to: "aws:ec2/subnet:Subnet", holds: true },
      "securityGroups[]": { to: "aws:ec2/securityGroup:SecurityGroup", holds: true },
    },
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) =>
        `DuplicateLoadBalancerName: A load balancer with the name ${physicalName} already exists`,
    },
    admit: ({ inputs }, cloud) => {
      if (inputs.internal !== true) checkInternetGateway(vpcOf(inputs.subnets?.[0], cloud), cloud);
    },
    missing: (value) => `LoadBalancerNotFound: Load balancer '${value}' not found`,
    release: ({ id, inputs }) => {
      if (inputs.enableDeletionProtection !== true) return;
      throw refusal(
        "OperationNotPermitted",
        `Load balancer '${id}' cannot be deleted because deletion protection is enabled`,
      );
    },
    gone: (balancer, cloud) => {
      const listeners = cloud.all(LISTENER).filter(({ inputs }) => inputs.loadBalancerArn === balancer.id);
      for (const listener of listeners) cloud.remove(listener);
    },
  },
  [TARGET_GROUP]: {
    name: { property: "name" },
    replaces: ["ipAddressType", "port", "protocol", "protocolVersion", "targetType", "vpcId"],
    tagged: true,
    idFrom: "arn",
    references: { vpcId: { to: "aws:ec2/vpc:Vpc" } },
    unique: {
      key: ({ name }) => `${name}`,
      message: ({ physicalName }) =>
        `DuplicateTargetGroupName: A target group with the name ${physicalName} already exists`,
    },
    idPrefix: "arn:",
    missing: (value) => `TargetGroupNotFound: Target group '${value}' not found`,
    inUse: ({ id }) => `ResourceInUse: Target group '${id}' is currently in use by a listener or a rule`,
  },
  [LISTENER]: {
    replaces: ["loadBalancerArn"],
    tagged: true,
    idFrom: "arn",
    references: {
      loadBalancerArn: { to: BALANCER },
      "defaultActions[].targetGroupArn": { to: TARGET_GROUP, holds: true },
      certificateArn: { to: CERTIFICATE, holds: true },
    },
    computed: ({ inputs }) => ({
      arn: `${String(inputs.loadBalancerArn).replace(":loadbalancer/", ":listener/")}/${freshHex(16)}`,
    }),
    unique: {
      key: ({ loadBalancerArn, port }) => `${loadBalancerArn} ${port}`,
      message: ({ inputs }) =>
        `DuplicateListener: A listener already exists on this port for this load balancer: ${inputs.port}`,
    },
  },
  [ZONE]: {
    replaces: ["name", "delegationSetId"],
    tagged: true,
    computed: zoneIds,
    missing: (value) => `NoSuchHostedZone: No hosted zone found with ID: ${value}`,
    inUse: () =>
      "HostedZoneNotEmpty: The specified hosted zone contains non-required resource record sets and so cannot be deleted.",
  },
  [RECORD]: {
    replaces: ["zoneId", "name"],
    references: { zoneId: { to: ZONE, holds: true }, healthCheckId: { to: HEALTH_CHECK } },
    computed: ({ inputs: { zoneId, name, type, setIdentifier } }) => ({
      id: [zoneId, name, type, setIdentifier].filter((part) => part !== undefined).join("_"),
    }),
    admit: checkSiblings,
    unique: {
      key: ({ zoneId, name, type, setIdentifier, allowOverwrite }: Properties) =>
        allowOverwrite === true ? `overwrites ${freshHex(8)}` : `${zoneId} ${name} ${type} ${setIdentifier ?? ""}`,
      message: ({ inputs }) =>
        `InvalidChangeBatch: Tried to create resource record set [name='${inputs.name}', type='${inputs.type}'] but it already exists`,
    },
  },
  [CERTIFICATE]: {
    replaces: ["domainName", "subjectAlternativeNames", "validationMethod", "keyAlgorithm", "certificateAuthorityArn"],
    tagged: true,
    idFrom: "arn",
    idPrefix: "arn:",
    missing: (value) => `CertificateNotFound: Certificate '${value}' not found`,
    inUse: ({ id }) => `ResourceInUseException: Certificate ${id} is in use`,
  },
  "aws:acm/certificateValidation:CertificateValidation": {
    replaces: ["certificateArn", "validationRecordFqdns"],
    references: { certificateArn: { to: CERTIFICATE } },
    admit: checkValidationRecords,
  },
};

/** A network load balancer takes further subnets, but gives none up; it has security groups from the start or never. */
function networkBalancerReplacements(before: Properties, now: Properties): string[] {
  if (now.loadBalancerType !== "network") return [];
  const lost = (before.subnets ?? []).some((subnet: string) => !(now.subnets ?? []).includes(subnet));
  const [had, has] = [before, now].map(({ securityGroups = [] }) => securityGroups.length > 0);
  return [...(lost ? ["subnets"] : []), ...(had !== has ? ["securityGroups"] : [])];
}

function zoneIds(): Properties {
  const zoneId = `Z${freshHex(20).toUpperCase()}`;
  return { id: zoneId, zoneId };
}

/** Records of one name go together when all have a set's identifier, and none stands beside a CNAME. */
function checkSiblings({ inputs }: Draft, cloud: Cloud): void {
  if (inputs.allowOverwrite === true) return;
  const siblings = cloud
    .all(RECORD)
    .filter(
      (record) => record.inputs.zoneId === inputs.zoneId && undotted(record.inputs.name) === undotted(inputs.name),
    );
  const name = `DNS name ${undotted(inputs.name)}.`;
  for (const { inputs: sibling } of siblings) {
    if (sibling.type !== inputs.type && [sibling.type, inputs.type].includes("CNAME")) {
      throw refusal(
        "InvalidChangeBatch",
        `[RRSet of type CNAME with ${name} is not permitted as it conflicts with other records with the same DNS name]`,
      );
    }
    if (
      sibling.type === inputs.type &&
      (sibling.setIdentifier === undefined) !== (inputs.setIdentifier === undefined)
    ) {
      throw refusal(
        "InvalidChangeBatch",
        `[RRSet with ${name}, type ${inputs.type}, SetIdentifier ${inputs.setIdentifier} cannot be created as other RRSet exists with the same name and type.]`,
      );
    }
  }
}

/** A certificate stays unvalidated for ever when no record answers. */
function checkValidationRecords({ inputs }: Draft, cloud: Cloud): void {
  const certificate = cloud.find(CERTIFICATE, inputs.certificateArn);
  const options: Properties[] = certificate?.computed.domainValidationOptions ?? [];
  const records = cloud.all(RECORD).map(({ inputs: { name } }: LiveResource) => undotted(name));
  const missing = options
    .map(({ resourceRecordName }) => undotted(resourceRecordName))
    .filter((name) => !records.includes(name));
  if (missing.length === 0) return;
  throw refusal(
    "PENDING_VALIDATION",
    `certificate ${inputs.certificateArn} is not validated: no record ${missing.join(", ")}`,
  );
}

function undotted(name: string): string {
  return name.replace(/\.$/, "");
}
