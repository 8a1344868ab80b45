import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { isCidr, MAX_CLIENT_CIDRS } from "../internal/cidr";
import { after, ready } from "../internal/gates";
import { HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";
import { checkFinishSeconds } from "./ingress-controller-checks";
import { entryFirewall } from "./public-entry-firewall";
import { entryTargets } from "./public-entry-targets";

export interface PublicEntryArgs {
  /** VPC of the load balancer and of the pods. Changing it replaces everything. */
  readonly vpcId: pulumi.Input<string>;
  /** Subnets of the load balancer, one for each zone: public ones, or private ones when `internal`. Named here, so they need no tags. */
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  /** Gate: the VPC has its way to the internet, without which an internet-facing load balancer is refused (`Network.egressReady`). */
  readonly networkReady?: pulumi.Input<string>;
  /** Whether only the VPC and what is connected to it reaches the entry. Changing it replaces the load balancer. Default false. */
  readonly internal?: boolean;
  /** IPv4 CIDRs that may connect, 1 to 30. Pods that call a public host name arrive from the NAT gateways' addresses. */
  readonly allowedCidrs: string[];
  /** Security group of the pods: the cluster's own. It gets a rule for each of the controller's ports. */
  readonly clusterSecurityGroupId: pulumi.Input<string>;
  /** The ingress controller: `{ namespace, ...ingressContract(kind) }`. */
  readonly target: EntryTarget;
  /** Gate of the AWS Load Balancer Controller, which registers the pods. */
  readonly loadBalancerControllerReady: pulumi.Input<string>;
  /**
   * Gate of the ingress controller. Leave it out when that controller takes `dnsName` as its `statusAddress`: the pods are
   * registered whenever they appear.
   */
  readonly controllerReady?: pulumi.Input<string>;
  /** Route 53 names that point here. Default none. */
  readonly dns?: EntryDnsArgs;
  /**
   * Passes clients' addresses in the PROXY protocol (the controller then needs `proxyProtocolFrom`) instead of keeping them
   * on the packets. Needed for `internal` entries that pods of the same cluster call: with kept addresses, a pod and a
   * controller on one node answer each other directly and the connection never opens. Default false.
   */
  readonly proxyProtocol?: boolean;
  /**
   * Seconds of silence after which a connection is forgotten, 60 to 6000: longer than any answer that comes in one piece.
   * Default 350.
   */
  readonly idleTimeoutSeconds?: number;
  /** Seconds that a leaving pod has for what it has begun, as for the ingress controller, 1 to 3540. Default 30. */
  readonly finishSeconds?: number;
  /** Whether the load balancer is protected from deletion. */
  readonly durable: boolean;
}

/** A Service whose pods take the traffic; its ports equal those of the containers. */
export interface EntryTarget {
  /** Existing namespace of the Service. */
  readonly namespace: pulumi.Input<string>;
  /** Name of the Service; need not exist yet. */
  readonly serviceName: pulumi.Input<string>;
  /** Port that gets what arrives on 80. Changing it replaces the target group. */
  readonly httpPort: pulumi.Input<number>;
  /** Port that gets what arrives on 443. Changing it replaces the target group. */
  readonly httpsPort: pulumi.Input<number>;
  /** Port where pods answer health checks over HTTP; neither of the other two. */
  readonly healthPort: pulumi.Input<number>;
  /** Path of the health check. */
  readonly healthPath: pulumi.Input<string>;
}

/** Names in a Route 53 zone. */
export interface EntryDnsArgs {
  /** The zone; public for an internet-facing entry. */
  readonly zoneId: pulumi.Input<string>;
  /** Host names inside the zone, at least one; `*.example.com` is accepted. Each becomes an alias record. */
  readonly hosts: string[];
}

/**
 * The way into the cluster: a Network Load Balancer with its own security group, target groups that hold the ingress
 * controller's pods, TargetGroupBindings, and alias records. TLS ends at the controller. The controller and certificates are
 * not managed here. Under the controller `alb` there is no such entry: each Ingress makes its own load balancer.
 */
export class PublicEntry extends pulumi.ComponentResource {
  /** The load balancer's DNS name; for `IngressController.statusAddress` and for records outside Route 53. */
  readonly dnsName: pulumi.Output<string>;
  /** Route 53 zone of the load balancer, for further alias records. */
  readonly hostedZoneId: pulumi.Output<string>;
  /** For alarms and web application firewalls. */
  readonly loadBalancerArn: pulumi.Output<string>;
  /** Gate: listeners, registration and records are in place; whether pods are healthy is the controller's gate. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: PublicEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:PublicEntry", name, {}, opts);
    checkPublicEntryArgs(name, args);

    const firewall = entryFirewall(name, args, { parent: this });
    const loadBalancer = new aws.lb.LoadBalancer(
      `${name}-nlb`,
      {
        loadBalancerType: "network",
        internal: args.internal ?? false,
        subnets: args.subnetIds,
        securityGroups: [firewall.group.id],
        // Not every zone has a pod of the controller.
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: args.durable,
      },
      { parent: this, dependsOn: after(args.networkReady) },
    );
    const targets = entryTargets(name, args, loadBalancer.arn, { parent: this });
    const records = (args.dns?.hosts ?? []).map(
      (host) =>
        new aws.route53.Record(
          `${name}-record-${host}`,
          {
            zoneId: args.dns?.zoneId ?? "",
            name: host,
            type: "A",
            aliases: [{ name: loadBalancer.dnsName, zoneId: loadBalancer.zoneId, evaluateTargetHealth: true }],
          },
          { parent: this },
        ),
    );

    this.dnsName = loadBalancer.dnsName;
    this.hostedZoneId = loadBalancer.zoneId;
    this.loadBalancerArn = loadBalancer.arn;
    this.ready = ready([...firewall.rules, ...targets, ...records]);
    this.registerOutputs({
      dnsName: this.dnsName,
      hostedZoneId: this.hostedZoneId,
      loadBalancerArn: this.loadBalancerArn,
      ready: this.ready,
    });
  }
}

function checkPublicEntryArgs(name: string, args: PublicEntryArgs): void {
  const problems = new Problems();
  const count = args.allowedCidrs.length;
  problems.check(count >= 1 && count <= MAX_CLIENT_CIDRS, {
    path: "allowedCidrs",
    rule: `must hold 1 to ${MAX_CLIENT_CIDRS} CIDRs`,
    got: count,
    fix: "List who may connect; 0.0.0.0/0 is everybody. Merge neighbouring ranges when there are more.",
  });
  args.allowedCidrs.forEach((cidr, index) => {
    problems.check(isCidr(cidr), {
      path: `allowedCidrs[${index}]`,
      rule: "must be an IPv4 CIDR without host bits",
      got: cidr,
      fix: "Write it like 203.0.113.0/24.",
    });
    problems.check(args.allowedCidrs.indexOf(cidr) === index, {
      path: `allowedCidrs[${index}]`,
      rule: "is listed twice",
      got: cidr,
      fix: "Remove one.",
    });
  });
  const hosts = args.dns?.hosts ?? [];
  problems.check(args.dns === undefined || hosts.length > 0, {
    path: "dns.hosts",
    rule: "must name at least one host",
    fix: "Add a host name, or leave dns out.",
  });
  hosts.forEach((host, index) => {
    problems.check(HOST_NAME.test(host.replace(/^\*\./, "")) && hosts.indexOf(host) === index, {
      path: `dns.hosts[${index}]`,
      rule: "must be a lower-case host name, listed once",
      got: host,
      fix: "Write it like langfuse.example.com, without scheme or port.",
    });
  });
  const idle = args.idleTimeoutSeconds;
  problems.check(idle === undefined || (Number.isInteger(idle) && idle >= 60 && idle <= 6000), {
    path: "idleTimeoutSeconds",
    rule: "must be a whole number of seconds from 60 to 6000",
    got: idle,
    fix: "Leave it out for 350.",
  });
  checkFinishSeconds(problems, args.finishSeconds);
  problems.throwIfAny("PublicEntry", name);
}
