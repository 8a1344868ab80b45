import * as pulumi from "@pulumi/pulumi";
import { ready } from "../internal/gates";
import { acceleratedEntry } from "./global-endpoint-accelerator";
import { checkGlobalEndpointArgs } from "./global-endpoint-checks";
import { latencyEntry } from "./global-endpoint-records";

export interface GlobalEndpointArgs {
  /**
   * Name that clients use everywhere, e.g. `api.example.com`. No other stack and no external-dns may have a record of that
   * name: Route 53 refuses a plain record beside those of regions. A change replaces the records.
   */
  readonly host: string;
  /** Public Route 53 zone of `host` and of the regional names. */
  readonly zoneId: pulumi.Input<string>;
  /** Entries by AWS region, at least one. A region comes or goes without a change to the others. */
  readonly regions: Record<string, RegionalEntryArgs>;
  /**
   * Route 53 answers with the nearest healthy region. Exactly one of `latencyRecords` and `accelerator`; from one to the other the
   * component is taken out in between, because Route 53 refuses a plain record beside those of regions.
   */
  readonly latencyRecords?: LatencyRecordsArgs;
  /** Two fixed addresses of Global Accelerator, which leads each connection to the nearest healthy region. */
  readonly accelerator?: GlobalAcceleratorArgs;
}

/** The load balancer of a region, as its own stack made it. */
export interface RegionalEntryArgs {
  /** DNS name of the load balancer (`PublicEntry.dnsName`). */
  readonly dnsName: pulumi.Input<string>;
  /**
   * Route 53 zone of the load balancer (`PublicEntry.hostedZoneId`): the records are then aliases. Leave it out for load balancers
   * that are not AWS', of all regions alike: the records are then CNAMEs, which the top of a zone cannot have. Unused by `accelerator`.
   */
  readonly hostedZoneId?: pulumi.Input<string>;
  /** ARN of the load balancer (`PublicEntry.loadBalancerArn`); `accelerator` needs it. */
  readonly loadBalancerArn?: pulumi.Input<string>;
  /**
   * Name by which this region alone answers; gets a record of its own. Health checks ask it, and so may people: the region must
   * serve it beside `host`. Default `<region>.<host>`. Unused by `accelerator`.
   */
  readonly host?: string;
  /** Whether clients are sent there; false takes the region out, e.g. for an upgrade, and keeps its own name. Default true. */
  readonly inRotation?: boolean;
}

/**
 * How Route 53 judges a region: by HTTPS from several places of the world, whose addresses the load balancer must let in; 2xx and
 * 3xx are healthy. Plain values.
 */
export interface LatencyRecordsArgs {
  /** Path that answers without a key. Default `/health`. */
  readonly healthPath?: string;
  /** Seconds between two questions of a checker, 10 (charged extra) or 30. Default 30. A change replaces the health checks. */
  readonly intervalSeconds?: number;
  /** Failures in a row until a region is left out, and successes until it is back, 1 to 10. Default 3. */
  readonly failureThreshold?: number;
}

/** Global Accelerator's settings. It judges a region by the health of the load balancer's own targets. */
export interface GlobalAcceleratorArgs {
  /** Whether the accelerator is protected: its two addresses, which others may have on their lists, never come back. */
  readonly durable: boolean;
}

/**
 * One name for platforms in several regions: either latency records in Route 53 with an HTTPS health check a region, or an
 * accelerator with an endpoint group a region. When every region is unhealthy, both send clients to all of them. It belongs to a
 * stack of its own, which reads the regional ones; load balancers, certificates and what answers behind them are theirs.
 */
export class GlobalEndpoint extends pulumi.ComponentResource {
  /** Health checks by region, for alarms (their metrics are in us-east-1); empty with an accelerator. */
  readonly healthCheckIds: pulumi.Output<Record<string, string>>;
  /** The accelerator's addresses, for other people's firewalls; empty with latency records. */
  readonly addresses: pulumi.Output<string[]>;
  /** Gate: the name leads to every region in rotation. */
  readonly ready: pulumi.Output<string>;

  constructor(name: string, args: GlobalEndpointArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:GlobalEndpoint", name, {}, opts);
    checkGlobalEndpointArgs(name, args);
    if (args.latencyRecords !== undefined) {
      const { healthChecks, records } = latencyEntry(name, args, args.latencyRecords, { parent: this });
      this.healthCheckIds = pulumi.output(healthChecks);
      this.addresses = pulumi.output([]);
      this.ready = ready(records);
    } else {
      const { addresses, resources } = acceleratedEntry(name, args, { parent: this });
      this.healthCheckIds = pulumi.output<Record<string, string>>({});
      this.addresses = addresses;
      this.ready = ready(resources);
    }
    this.registerOutputs({
      healthCheckIds: this.healthCheckIds,
      addresses: this.addresses,
      ready: this.ready,
    });
  }
}
