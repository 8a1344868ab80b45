import type { CheckResult, Properties } from "../../providers/provider";
import type { Cloud } from "../cloud";
import { freshHex } from "../identifiers";
import { refusal } from "../refusal";
import type { Draft, LiveResource, RuleTable } from "../resource";
import { vpcOf } from "./network-paths";
import { known, only } from "./stores";

const ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator";
const LISTENER = "aws:globalaccelerator/listener:Listener";
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const RECORD = "aws:route53/record:Record";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";

/** What leads clients to one of several regions. */
export const GLOBAL_ENTRY_RULES: RuleTable = {
  [HEALTH_CHECK]: {
    replaces: ["measureLatency", "referenceName", "requestInterval", "routingControlArn", "type"],
    tagged: true,
    check: checkHealthCheck,
    missing: (value) => `InvalidInput: NoSuchHealthCheck: A health check with id '${value}' does not exist.`,
    gone: blameLostHealthCheck,
  },
  [ACCELERATOR]: {
    name: { property: "name" },
    defaults: { enabled: true, ipAddressType: "IPV4" },
    replaces: ["ipAddresses"],
    tagged: true,
    idFrom: "arn",
    idPrefix: "arn:",
    computed: (_draft, cloud) => ({ arn: `arn:aws:globalaccelerator::${cloud.account}:accelerator/${freshHex(32)}` }),
    missing: (value) => `AcceleratorNotFoundException: Accelerator not found: ${value}`,
    inUse: () => "AssociatedListenerFoundException: The accelerator has a listener associated with it",
  },
  [LISTENER]: {
    defaults: { clientAffinity: "NONE" },
    replaces: ["acceleratorArn"],
    idFrom: "arn",
    idPrefix: "arn:",
    references: { acceleratorArn: { to: ACCELERATOR, holds: true } },
    computed: ({ inputs }) => ({ arn: `${inputs.acceleratorArn}/listener/${freshHex(8)}` }),
    missing: (value) => `ListenerNotFoundException: Listener not found: ${value}`,
    inUse: () => "AssociatedEndpointGroupFoundException: The listener has an endpoint group associated with it",
  },
  "aws:globalaccelerator/endpointGroup:EndpointGroup": {
    defaults: {
      healthCheckIntervalSeconds: 30,
      healthCheckProtocol: "TCP",
      thresholdCount: 3,
      trafficDialPercentage: 100,
    },
    replaces: ["endpointGroupRegion", "listenerArn"],
    idFrom: "arn",
    references: {
      listenerArn: { to: LISTENER, holds: true },
      "endpointConfigurations[].endpointId": { to: BALANCER },
    },
    computed: ({ inputs }) => ({ arn: `${inputs.listenerArn}/endpoint-group/${freshHex(12)}` }),
    unique: {
      key: ({ listenerArn, endpointGroupRegion }) => `${listenerArn} ${endpointGroupRegion}`,
      message: ({ inputs }) =>
        `EndpointGroupAlreadyExistsException: An endpoint group for ${inputs.endpointGroupRegion} already exists`,
    },
    admit: checkEndpointRegions,
    made: leaveSecurityGroup,
  },
};

function checkHealthCheck(inputs: Properties): CheckResult["failures"] {
  const { type, fqdn, ipAddress, requestInterval, failureThreshold, searchString } = inputs;
  return only([
    /^(HTTP|TCP)/.test(`${type}`) &&
      [fqdn, ipAddress].every((value) => value === undefined) && {
        property: "fqdn",
        reason: "InvalidInput: either IPAddress or FullyQualifiedDomainName must be specified",
      },
    known(requestInterval) &&
      ![10, 30].includes(requestInterval) && {
        property: "requestInterval",
        reason: `expected one of 10, 30, got ${requestInterval}`,
      },
    known(failureThreshold) &&
      !(failureThreshold >= 1 && failureThreshold <= 10) && {
        property: "failureThreshold",
        reason: `expected to be in the range (1 - 10), got ${failureThreshold}`,
      },
    (searchString !== undefined) !== `${type}`.endsWith("_STR_MATCH") && {
      property: "searchString",
      reason: "InvalidInput: SearchString goes with the types that end in _STR_MATCH, and they with it",
    },
  ]);
}

/** Route 53 lets a health check go that records still ask about, and then nobody can say what they answer. */
function blameLostHealthCheck({ id, logicalName }: LiveResource, cloud: Cloud): void {
  for (const record of cloud.all(RECORD).filter(({ inputs }) => inputs.healthCheckId === id)) {
    cloud.hazards.push(`health check ${logicalName} was deleted while ${record.logicalName} depended on it`);
  }
}

function checkEndpointRegions({ inputs }: Draft): void {
  for (const { endpointId } of inputs.endpointConfigurations ?? []) {
    const region = String(endpointId).split(":")[3];
    if (!String(endpointId).startsWith("arn:") || region === inputs.endpointGroupRegion) continue;
    throw refusal(
      "InvalidArgumentException",
      `The endpoint ${endpointId} is not in the endpoint group's region ${inputs.endpointGroupRegion}`,
    );
  }
}

/** To keep clients' addresses, the accelerator puts interfaces and a security group into the VPC; the group stays behind. */
function leaveSecurityGroup({ inputs, createdAt }: LiveResource, cloud: Cloud): void {
  for (const { endpointId, clientIpPreservationEnabled } of inputs.endpointConfigurations ?? []) {
    const vpcId = vpcOf(cloud.find(BALANCER, endpointId)?.inputs.subnets?.[0], cloud);
    if (clientIpPreservationEnabled !== true || vpcId === undefined) continue;
    const name = "GlobalAccelerator";
    const known = cloud
      .all(SECURITY_GROUP)
      .some((group) => group.physicalName === name && group.inputs.vpcId === vpcId);
    if (known) continue;
    cloud.add({
      ...{ type: SECURITY_GROUP, id: `sg-${freshHex(17)}`, physicalName: name, urn: "", logicalName: "" },
      ...{ createdAt, inputs: { vpcId, name }, computed: {} },
    });
  }
}
