import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ready, valueAfter } from "../internal/gates";
import { HOST_NAME } from "../internal/names";
import { Problems } from "../internal/problems";

export interface DnsZoneArgs {
  /** Uses a public Route 53 zone that exists. Exactly one of `adopt` and `create`. */
  readonly adopt?: AdoptedDnsZoneArgs;
  /** Makes a public Route 53 zone. */
  readonly create?: CreatedDnsZoneArgs;
}

/** A zone that somebody else owns and that the world already asks. */
export interface AdoptedDnsZoneArgs {
  /** Id of the zone, `Z…`. */
  readonly zoneId: pulumi.Input<string>;
  /** The zone's domain, without a trailing dot. */
  readonly domain: string;
}

/** A zone of our own. */
export interface CreatedDnsZoneArgs {
  /** The zone's domain, without a trailing dot; inside `parent.domain` when that is given. Changing it replaces the zone. */
  readonly domain: string;
  /**
   * The zone above, which gets the NS record, so that the new zone is asked at once. Without it somebody has to enter
   * `nameServers` at the registrar, and until then nothing that the world must resolve can work: see `isDelegated`.
   */
  readonly parent?: AdoptedDnsZoneArgs;
  /** Whether the zone is protected, and records that others made in it keep it from being deleted. */
  readonly durable: boolean;
}

/** Whether the world asks this zone's name servers as soon as the stack is up: only then may issuers and certificates wait for names in it. */
export function isDelegated(args: DnsZoneArgs): boolean {
  return args.adopt !== undefined || args.create?.parent !== undefined;
}

/** A DNS zone in Route 53: adopted, or created with its delegation where the parent is at hand. Records are not managed here. */
export class DnsZone extends pulumi.ComponentResource {
  /** For records, and for issuers that answer DNS-01 challenges. Waits for the delegation. */
  readonly zoneId: pulumi.Output<string>;
  /** Without a trailing dot. */
  readonly domain: pulumi.Output<string>;
  /** Name servers to enter at the registrar; empty for an adopted zone. */
  readonly nameServers: pulumi.Output<string[]>;
  /** Whether the world asks these name servers; `isDelegated` says the same before the component exists. */
  readonly delegated: pulumi.Output<boolean>;

  constructor(name: string, args: DnsZoneArgs, opts?: pulumi.ComponentResourceOptions) {
    super("llm-platform:index:DnsZone", name, {}, opts);
    checkDnsZoneArgs(name, args);

    const created = args.create === undefined ? undefined : createZone(name, args.create, { parent: this });
    this.zoneId = created?.zoneId ?? pulumi.output(args.adopt?.zoneId ?? "");
    this.nameServers = created?.nameServers ?? pulumi.output([]);
    this.domain = pulumi.output(args.create?.domain ?? args.adopt?.domain ?? "");
    this.delegated = pulumi.output(isDelegated(args));
    this.registerOutputs({
      zoneId: this.zoneId,
      domain: this.domain,
      nameServers: this.nameServers,
      delegated: this.delegated,
    });
  }
}

function createZone(name: string, create: CreatedDnsZoneArgs, opts: pulumi.CustomResourceOptions) {
  const zone = new aws.route53.Zone(
    `${name}-zone`,
    {
      name: create.domain,
      comment: `Zone of ${name}`,
      forceDestroy: !create.durable,
    },
    // A zone that is made again has other name servers, and every name in it is gone until the registrar knows them.
    { ...opts, protect: create.durable },
  );
  const delegation =
    create.parent === undefined
      ? []
      : [
          new aws.route53.Record(
            `${name}-delegation`,
            { zoneId: create.parent.zoneId, name: create.domain, type: "NS", ttl: 300, records: zone.nameServers },
            opts,
          ),
        ];
  return {
    zoneId: valueAfter(zone.zoneId, ready(delegation)),
    nameServers: zone.nameServers,
  };
}

function checkDnsZoneArgs(name: string, args: DnsZoneArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { adopt: args.adopt, create: args.create });
  const domains = {
    "adopt.domain": args.adopt?.domain,
    "create.domain": args.create?.domain,
    "create.parent.domain": args.create?.parent?.domain,
  };
  for (const [path, domain] of Object.entries(domains)) {
    problems.check(domain === undefined || HOST_NAME.test(domain), {
      path,
      rule: "must be a lower-case domain without scheme or trailing dot",
      got: domain,
      fix: "Write it like example.com.",
    });
  }
  const parent = args.create?.parent?.domain;
  problems.check(parent === undefined || args.create?.domain.endsWith(`.${parent}`) === true, {
    path: "create.domain",
    rule: `must lie inside the parent zone ${parent}`,
    got: args.create?.domain,
    fix: `Write it like platform.${parent}.`,
  });
  problems.throwIfAny("DnsZone", name);
}
