import assert from "node:assert/strict";
import { Bucket } from "../../components/data/bucket";
import { CrossRegionReplication } from "../../components/data/cross-region-replication";
import { GlobalEndpoint } from "../../components/edge/global-endpoint";
import type { Properties } from "../../rehearsal/providers/provider";
import { graphOf } from "../support/graph";
import { AwsAccount, type Made } from "./support/aws-account";

const BUCKET = "aws:s3/bucket:Bucket";
const OBJECT = "aws:s3/bucketObjectv2:BucketObjectv2";
const VERSIONING = "aws:s3/bucketVersioning:BucketVersioning";
const REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const RECORD = "aws:route53/record:Record";
const CHECK = "aws:route53/healthCheck:HealthCheck";
const ACCELERATOR = "aws:globalaccelerator/accelerator:Accelerator";
const LISTENER = "aws:globalaccelerator/listener:Listener";
const GROUP = "aws:globalaccelerator/endpointGroup:EndpointGroup";
const LUSTRE = "aws:fsx/lustreFileSystem:LustreFileSystem";
const LINK = "aws:fsx/dataRepositoryAssociation:DataRepositoryAssociation";
const ENTRY = "aws:eks/accessEntry:AccessEntry";
const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";

const ENCRYPTED = {
  sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
  destination: { bucket: "arn:aws:s3:::copy", encryptionConfiguration: { replicaKmsKeyId: "arn:key" } },
};
const PERSISTENT = { deploymentType: "PERSISTENT_2", subnetIds: "subnet-0123456789abcdef0" };

const REFUSED: readonly [type: string, inputs: Properties, property: string][] = [
  [CHECK, { type: "HTTPS" }, "fqdn"],
  [CHECK, { type: "HTTPS", fqdn: "a.example.com", requestInterval: 60 }, "requestInterval"],
  [CHECK, { type: "HTTPS", fqdn: "a.example.com", failureThreshold: 0 }, "failureThreshold"],
  [CHECK, { type: "HTTPS_STR_MATCH", fqdn: "a.example.com" }, "searchString"],
  [CHECK, { type: "HTTPS", fqdn: "a.example.com", searchString: "ok" }, "searchString"],
  [REPLICATION, { rules: [{ filter: { prefix: "" }, ...ENCRYPTED }] }, "rules"],
  [REPLICATION, { rules: [{ destination: ENCRYPTED.destination }] }, "rules"],
  [REPLICATION, { rules: [ENCRYPTED, ENCRYPTED] }, "rules"],
  [LUSTRE, { ...PERSISTENT, storageCapacity: 3600 }, "storageCapacity"],
  [LUSTRE, { ...PERSISTENT, perUnitStorageThroughput: 200 }, "perUnitStorageThroughput"],
  [LUSTRE, { ...PERSISTENT, importPath: "s3://models" }, "importPath"],
  [LUSTRE, { deploymentType: "SCRATCH_2", perUnitStorageThroughput: 125 }, "perUnitStorageThroughput"],
  [LUSTRE, { deploymentType: "SCRATCH_2", kmsKeyId: "arn:aws:kms:us-east-1:111111111111:key/1" }, "kmsKeyId"],
  [LINK, { dataRepositoryPath: "models" }, "dataRepositoryPath"],
  [ENTRY, { kubernetesGroups: ["system:masters"] }, "kubernetesGroups"],
  [ENTRY, { kubernetesGroups: ["operators"], type: "EC2_LINUX" }, "kubernetesGroups"],
];

describe("global resources in the AWS stand-in", () => {
  for (const [type, inputs, property] of REFUSED) {
    it(`refuses ${JSON.stringify(inputs)} of ${type}`, async () => {
      const resource = { urn: "", type, name: "one" };
      const { failures } = await new AwsAccount().provider.check(resource, undefined, inputs);
      assert.deepEqual([...new Set(failures.map((failure) => failure.property))], [property]);
    });
  }

  describe("what our components make of them", () => {
    const REGIONS = ["us-east-1", "eu-west-1"];
    const key = (region: string) => `arn:aws:kms:${region}:111111111111:key/1`;
    const entries = Object.fromEntries(
      REGIONS.map((region) => [
        region,
        {
          dnsName: `entry.elb.${region}.amazonaws.com`,
          hostedZoneId: "Z26RNL4JYFTOTI",
          loadBalancerArn: `arn:aws:elasticloadbalancing:${region}:111111111111:loadbalancer/net/entry/1`,
        },
      ]),
    );
    const endpoint = { host: "api.example.com", zoneId: "Z1", regions: entries };
    const programs: Record<string, () => unknown> = {
      "latency records": () => new GlobalEndpoint("global", { ...endpoint, latencyRecords: {} }),
      "an accelerator": () => new GlobalEndpoint("global", { ...endpoint, accelerator: { durable: false } }),
      replication: () =>
        new CrossRegionReplication("models", {
          purpose: "models",
          source: { region: "us-east-1", bucketName: "one", kmsKeyArn: key("us-east-1") },
          copies: { "eu-west-1": { bucketName: "two", kmsKeyArn: key("eu-west-1") } },
        }),
      "a copied bucket": () =>
        new Bucket("media", {
          create: {
            purpose: "media",
            kmsKeyArn: key("us-east-1"),
            replication: { region: "eu-west-1", kmsKeyArn: key("eu-west-1") },
            durable: false,
          },
        }),
    };
    for (const [what, program] of Object.entries(programs)) {
      it(`is accepted: ${what}`, async () => {
        const { resources } = await graphOf(program);
        const account = new AwsAccount();
        const made = resources.filter(({ type }) => type.startsWith("aws:"));
        for (const { type, name, inputs } of made) await account.make(type, name, inputs);
        assert.ok(made.length >= 3);
        assert.deepEqual([...account.cloud.unmodelled], []);
      });
    }
  });

  describe("replication", () => {
    const versioned = (account: AwsAccount, bucket: Made, status = "Enabled") =>
      account.make(VERSIONING, `${bucket.resource.name}-versioning`, {
        bucket: bucket.id,
        versioningConfiguration: { status },
      });
    const copying = (from: Made, to: Made) => ({
      bucket: from.id,
      rules: [{ ...ENCRYPTED, destination: { ...ENCRYPTED.destination, bucket: to.state.arn } }],
    });

    it("goes between buckets that are both versioned", async () => {
      const account = new AwsAccount();
      const [from, to] = [await account.make(BUCKET, "from"), await account.make(BUCKET, "to")];
      await assert.rejects(account.make(REPLICATION, "copies", copying(from, to)), /Versioning must be 'Enabled'/);
      await versioned(account, from);
      await assert.rejects(
        account.make(REPLICATION, "copies", copying(from, to)),
        /Destination bucket to-.* versioning/,
      );
      const suspended = await versioned(account, to, "Suspended");
      await assert.rejects(account.make(REPLICATION, "copies", copying(from, to)), /Destination bucket/);
      await account.change(suspended, { versioningConfiguration: { status: "Enabled" } });
      await account.make(REPLICATION, "copies", copying(from, to));
    });

    it("takes buckets of other stacks for versioned", async () => {
      const rules = [ENCRYPTED];
      await new AwsAccount().make(REPLICATION, "copies", { bucket: "theirs", rules });
    });
  });

  describe("objects", () => {
    it("keep their bucket, unless it goes by force", async () => {
      const account = new AwsAccount();
      const bucket = await account.make(BUCKET, "models");
      await account.make(OBJECT, "record", { bucket: bucket.id, key: "promotions/prod.json", content: "{}" });
      await assert.rejects(account.remove(bucket), /BucketNotEmpty/);
      await account.remove(await account.change(bucket, { forceDestroy: true }));
      assert.deepEqual(account.cloud.remaining(), []);
    });

    it("have at most ten tags, the provider's own included", async () => {
      const account = new AwsAccount();
      account.cloud.defaultTags = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`tag-${index}`, "x"]));
      const bucket = await account.make(BUCKET, "models");
      const object = { bucket: bucket.id, key: "a", content: "{}" };
      await account.make(OBJECT, "ten", object);
      await assert.rejects(
        account.make(OBJECT, "eleven", { ...object, tags: { one: "more" } }),
        /Object tags cannot be/,
      );
    });

    it("have no ACL where the bucket's owner owns everything", async () => {
      const account = new AwsAccount();
      const bucket = await account.make(BUCKET, "models");
      const rule = { objectOwnership: "BucketOwnerEnforced" };
      await account.make("aws:s3/bucketOwnershipControls:BucketOwnershipControls", "own", { bucket: bucket.id, rule });
      const object = { bucket: bucket.id, key: "a", content: "{}", acl: "private" };
      await assert.rejects(account.make(OBJECT, "object", object), /AccessControlListNotSupported/);
    });

    it("are another object under another key, and the same with other content", async () => {
      const account = new AwsAccount();
      const object = await account.make(OBJECT, "object", { bucket: "theirs", key: "a", content: "{}" });
      assert.deepEqual((await account.compare(object, { key: "b" })).replaces, ["key"]);
      const { changes, replaces } = await account.compare(object, { content: '{"a":1}' });
      assert.deepEqual([changes, replaces], [["content"], []]);
    });
  });

  describe("records", () => {
    const zone = (account: AwsAccount) => account.make("aws:route53/zone:Zone", "zone", { name: "example.com" });
    const regional = (region: string) => ({ setIdentifier: region, latencyRoutingPolicies: [{ region }] });

    it("of regions share a name with each other alone", async () => {
      const account = new AwsAccount();
      const { id: zoneId } = await zone(account);
      const api = { zoneId, name: "api.example.com", type: "A" };
      await account.make(RECORD, "one", { ...api, ...regional("us-east-1") });
      await account.make(RECORD, "two", { ...api, ...regional("eu-west-1") });
      await assert.rejects(account.make(RECORD, "plain", api), /InvalidChangeBatch: .* other RRSet exists/);
      await assert.rejects(account.make(RECORD, "again", { ...api, ...regional("us-east-1") }), /already exists/);
      const cname = { ...api, type: "CNAME", records: ["a.example.net"] };
      await assert.rejects(account.make(RECORD, "alias", cname), /RRSet of type CNAME .* is not permitted/);
    });

    it("ask health checks that are there, and are blamed on those that went", async () => {
      const account = new AwsAccount();
      const { id: zoneId } = await zone(account);
      const check = await account.make(CHECK, "check", { type: "HTTPS", fqdn: "us-east-1.api.example.com" });
      const record = { zoneId, name: "api.example.com", type: "A", ...regional("us-east-1"), healthCheckId: check.id };
      await account.make(RECORD, "one", record);
      await account.remove(check);
      assert.deepEqual(account.cloud.hazards, ["health check check was deleted while one depended on it"]);
      const other = { ...record, ...regional("eu-west-1") };
      await assert.rejects(account.make(RECORD, "two", other), /NoSuchHealthCheck/);
    });

    it("follow a health check that is replaced for another interval", async () => {
      const account = new AwsAccount();
      const check = await account.make(CHECK, "check", { type: "HTTPS", fqdn: "a.example.com", requestInterval: 30 });
      assert.deepEqual((await account.compare(check, { requestInterval: 10 })).replaces, ["requestInterval"]);
      assert.deepEqual((await account.compare(check, { failureThreshold: 5 })).replaces, []);
    });
  });

  describe("an accelerator", () => {
    const group = (listener: Made, endpoint: string, region = "us-east-1") => ({
      listenerArn: listener.id,
      endpointGroupRegion: region,
      endpointConfigurations: [{ endpointId: endpoint, clientIpPreservationEnabled: true }],
    });
    const accelerated = async (account: AwsAccount) => {
      const accelerator = await account.make(ACCELERATOR, "accelerator");
      const listener = await account.make(LISTENER, "listener", { acceleratorArn: accelerator.id, protocol: "TCP" });
      return { accelerator, listener };
    };

    it("goes last: group, listener, accelerator", async () => {
      const account = new AwsAccount();
      const { accelerator, listener } = await accelerated(account);
      const balancer = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/net/theirs/1";
      const made = await account.make(GROUP, "group", group(listener, balancer));
      await assert.rejects(account.make(GROUP, "again", group(listener, balancer)), /EndpointGroupAlreadyExists/);
      await assert.rejects(account.remove(accelerator), /AssociatedListenerFoundException/);
      await assert.rejects(account.remove(listener), /AssociatedEndpointGroupFoundException/);
      for (const each of [made, listener, accelerator]) await account.remove(each);
      assert.deepEqual(account.cloud.remaining(), []);
    });

    it("leads to load balancers of the group's region", async () => {
      const account = new AwsAccount();
      const { listener } = await accelerated(account);
      const balancer = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/net/theirs/1";
      await assert.rejects(
        account.make(GROUP, "group", group(listener, balancer)),
        /not in the endpoint group's region/,
      );
      await account.make(GROUP, "group", group(listener, balancer, "eu-west-1"));
    });

    it("leaves its security group behind, which keeps the VPC", async () => {
      const account = new AwsAccount();
      const { vpc, subnet } = await account.network();
      const balancer = await account.make("aws:lb/loadBalancer:LoadBalancer", "nlb", {
        loadBalancerType: "network",
        subnets: [subnet.id],
      });
      const { listener } = await accelerated(account);
      await account.remove(await account.make(GROUP, "group", group(listener, balancer.id)));
      await account.remove(balancer);
      assert.match(account.cloud.remaining().join("\n"), /SecurityGroup GlobalAccelerator/);
      await assert.rejects(account.remove(vpc), /SecurityGroup GlobalAccelerator/);
    });
  });

  describe("a Lustre file system", () => {
    const allowing = async (account: AwsAccount, fromPort: number) => {
      const { subnet, vpc } = await account.network();
      const { id } = await account.make(SECURITY_GROUP, "lustre", { vpcId: vpc.id });
      const rule = { securityGroupId: id, referencedSecurityGroupId: id, ipProtocol: "tcp", fromPort, toPort: 1023 };
      await account.make("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "self", rule);
      return { ...PERSISTENT, storageCapacity: 1200, subnetIds: subnet.id, securityGroupIds: [id] };
    };

    it("is made once its security group lets Lustre through", async () => {
      const account = new AwsAccount();
      const closed = await allowing(account, 1018);
      await assert.rejects(account.make(LUSTRE, "models", closed), /LNET network traffic on port 988/);
      const other = new AwsAccount();
      const { id, state } = await other.make(LUSTRE, "models", await allowing(other, 988));
      assert.equal(state.dnsName, `${id}.fsx.us-east-1.amazonaws.com`);
    });

    it("grows in place, and shrinks into another one", async () => {
      const account = new AwsAccount();
      const made = await account.make(LUSTRE, "models", { ...PERSISTENT, storageCapacity: 2400 });
      assert.deepEqual((await account.compare(made, { storageCapacity: 4800 })).replaces, []);
      assert.deepEqual((await account.compare(made, { storageCapacity: 1200 })).replaces, ["storageCapacity"]);
    });

    it("takes its links along, and has one a path", async () => {
      const account = new AwsAccount();
      const made = await account.make(LUSTRE, "models", { ...PERSISTENT, storageCapacity: 1200 });
      const link = { fileSystemId: made.id, fileSystemPath: "/models", dataRepositoryPath: "s3://models/models" };
      await account.make(LINK, "link", link);
      await assert.rejects(account.make(LINK, "again", link), /overlaps/);
      await account.remove(made);
      assert.deepEqual(account.cloud.remaining(), []);
    });

    it("of the first scratch kind has none", async () => {
      const account = new AwsAccount();
      const made = await account.make(LUSTRE, "scratch", { subnetIds: "subnet-0123456789abcdef0" });
      const link = { fileSystemId: made.id, fileSystemPath: "/", dataRepositoryPath: "s3://models" };
      await assert.rejects(account.make(LINK, "link", link), /not supported on SCRATCH_1/);
    });
  });
});
