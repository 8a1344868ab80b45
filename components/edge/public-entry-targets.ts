import * as aws from "@pulumi/aws";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { after, ready } from "../internal/gates";
import { drain } from "./ingress-controller-settings";
import type { PublicEntryArgs } from "./public-entry";

/** One way from a port of the load balancer to a port of the pods. */
interface Way {
  /** Short, because a target group's name, suffix included, ends at 32 characters. */
  readonly key: string;
  readonly listenerPort: number;
  readonly port: pulumi.Input<number>;
}

/** Target group, listener and TargetGroupBinding for each of HTTP and HTTPS. */
export function entryTargets(
  name: string,
  args: PublicEntryArgs,
  loadBalancerArn: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource[] {
  const ways: Way[] = [
    { key: "web", listenerPort: 80, port: args.target.httpPort },
    { key: "tls", listenerPort: 443, port: args.target.httpsPort },
  ];
  return ways.flatMap((way) => {
    const group = targetGroup(`${name}-${way.key}`, way.port, args, opts);
    const listener = new aws.lb.Listener(
      `${name}-${way.key}-listener`,
      {
        loadBalancerArn,
        port: way.listenerPort,
        protocol: "TCP",
        ...(args.idleTimeoutSeconds === undefined ? {} : { tcpIdleTimeoutSeconds: args.idleTimeoutSeconds }),
        defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
      },
      opts,
    );
    return [group, listener, binding(`${name}-${way.key}`, way.port, group, args, ready([listener]), opts)];
  });
}

function binding(
  bindingName: string,
  port: pulumi.Input<number>,
  group: aws.lb.TargetGroup,
  args: PublicEntryArgs,
  listenerReady: pulumi.Output<string>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.apiextensions.CustomResource {
  return new kubernetes.apiextensions.CustomResource(
    `${bindingName}-binding`,
    {
      apiVersion: "elbv2.k8s.aws/v1beta1",
      kind: "TargetGroupBinding",
      metadata: { name: bindingName, namespace: args.target.namespace },
      spec: {
        targetGroupARN: group.arn,
        targetType: "ip",
        serviceRef: { name: args.target.serviceName, port },
        // No `networking`: the rules are ours, and two owners of one security group undo each other's work.
      },
    },
    {
      ...opts,
      // The webhook refuses another target group under the same binding.
      replaceOnChanges: ["spec.targetGroupARN"],
      deleteBeforeReplace: true,
      dependsOn: after(args.loadBalancerControllerReady, args.controllerReady, listenerReady),
    },
  );
}

function targetGroup(
  logicalName: string,
  port: pulumi.Input<number>,
  args: PublicEntryArgs,
  opts: pulumi.CustomResourceOptions,
): aws.lb.TargetGroup {
  const proxyProtocol = args.proxyProtocol ?? false;
  const { acceptSeconds, finishSeconds } = drain(args.finishSeconds);
  return new aws.lb.TargetGroup(
    logicalName,
    {
      vpcId: args.vpcId,
      targetType: "ip",
      protocol: "TCP",
      port,
      // Off by default for addresses as targets; without it all clients look like the load balancer to rate limits and logs.
      preserveClientIp: proxyProtocol ? "false" : "true",
      proxyProtocolV2: proxyProtocol,
      // As long as a leaving pod keeps working; then what is left is closed rather than left to hang.
      deregistrationDelay: acceptSeconds + finishSeconds,
      connectionTermination: true,
      healthCheck: {
        protocol: "HTTP",
        port: pulumi.interpolate`${args.target.healthPort}`,
        path: args.target.healthPath,
        matcher: "200",
        interval: 10,
        timeout: 5,
        healthyThreshold: 2,
        unhealthyThreshold: 2,
      },
    },
    opts,
  );
}
