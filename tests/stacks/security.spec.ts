import assert from "node:assert/strict";
import { type PodSpec, restrictedViolations } from "../../rehearsal/checks/pod-security";
import { isObject, members } from "../support/dig";
import { type Graph, revealed } from "../support/graph";
import { STACKS, stackOf, variantOf } from "../support/stacks";
import { recordedVariant, VARIANTS, type VariantName } from "../support/variants";

/** Ports on which the load balancer takes connections. */
const LISTENER_PORTS = [80, 443];

interface Rule {
  readonly name: string;
  readonly cidr: string;
  readonly port: unknown;
}

/** Rules of security groups that let addresses in, wherever they are written. */
function addressRules(graph: Graph): Rule[] {
  const apart = graph
    .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
    .flatMap(({ name, inputs }) => {
      const cidr = inputs.cidrIpv4 ?? inputs.cidrIpv6;
      return cidr === undefined ? [] : [{ name, cidr: String(cidr), port: inputs.fromPort }];
    });
  const inline = graph
    .ofType("aws:ec2/securityGroup:SecurityGroup")
    .filter(({ inputs }) => inputs.ingress !== undefined);
  assert.deepEqual(inline, [], "rules within groups fight with rules beside them");
  return apart;
}

/** Every pod that this program itself specifies: in Jobs and in custom resources. */
function ownPods(graph: Graph): { readonly owner: string; readonly spec: PodSpec }[] {
  return graph.resources
    .filter(({ type }) => type.startsWith("kubernetes:") && type !== "kubernetes:helm.sh/v3:Release")
    .flatMap(({ name, inputs }) =>
      [...members(revealed(inputs))].flatMap(({ path, key, value }) =>
        key === "spec" && isObject(value) && Array.isArray(value.containers)
          ? [{ owner: `${name} ${path}`, spec: value as PodSpec }]
          : [],
      ),
    );
}

/** Pods of ours that ask the API server, by the beginning of their owner's name: one places pods, the other looks for them. */
const CALLERS_OF_THE_API = ["gpu-scheduler-", "model-router-"];

function assertRestricted(graph: Graph, atLeast: number): void {
  const pods = ownPods(graph);
  assert.ok(pods.length >= atLeast, `only ${pods.length} pods found`);
  for (const { owner, spec } of pods) {
    assert.deepEqual(restrictedViolations(spec), [], owner);
    const token = (spec as { automountServiceAccountToken?: boolean }).automountServiceAccountToken;
    assert.equal(
      token,
      CALLERS_OF_THE_API.some((name) => owner.startsWith(name)),
      owner,
    );
  }
}

for (const stack of STACKS) {
  describe(`security of ${stack}`, () => {
    let graph: Graph;
    before(async () => {
      graph = (await stackOf(stack)).graph;
    });

    it("opens nothing to addresses but the load balancer's listeners", () => {
      const rules = addressRules(graph);
      assert.deepEqual(
        rules.map(({ cidr, port }) => `${cidr} ${port}`).sort(),
        LISTENER_PORTS.map((port) => `0.0.0.0/0 ${port}`).sort(),
      );
      assert.deepEqual(
        graph
          .ofType("aws:lb/listener:Listener")
          .map(({ inputs }) => Number(inputs.port))
          .sort(),
        [...LISTENER_PORTS].sort(),
      );
      for (const { name } of rules) assert.match(name, /^entry-client-/);
    });

    it("lets stores be reached by the cluster's group alone, from subnets without a way out", () => {
      const rules = graph
        .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .filter(({ name }) => /^(postgres|redis)-/.test(name));
      assert.equal(rules.length, 2);
      for (const { name, inputs } of rules) {
        assert.equal(typeof inputs.referencedSecurityGroupId, "string", name);
        assert.equal(inputs.fromPort, inputs.toPort, name);
      }
      assert.equal(graph.one("aws:rds/instance:Instance").inputs.publiclyAccessible, false);
      const routes = graph.ofType("aws:ec2/route:Route").filter(({ name }) => /-data/.test(name));
      assert.deepEqual(routes, []);
    });

    it("encrypts whatever rests, with keys that rotate", () => {
      assert.equal(graph.one("aws:rds/instance:Instance").inputs.storageEncrypted, true);
      const redis = graph.one("aws:elasticache/replicationGroup:ReplicationGroup").inputs;
      assert.equal(String(redis.atRestEncryptionEnabled), "true");
      assert.equal(redis.transitEncryptionEnabled, true);
      const encrypted = graph.ofType(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
      );
      assert.equal(encrypted.length, graph.ofType("aws:s3/bucket:Bucket").length);
      for (const { name, inputs } of graph.ofType("kubernetes:storage.k8s.io/v1:StorageClass")) {
        assert.equal((inputs.parameters as { encrypted: string }).encrypted, "true", name);
      }
      for (const { name, inputs } of graph.ofType("aws:kms/key:Key"))
        assert.equal(inputs.enableKeyRotation, true, name);
    });

    it("closes every bucket to the public and to plain HTTP", () => {
      const count = graph.ofType("aws:s3/bucket:Bucket").length;
      const blocks = graph.ofType("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
      assert.equal(blocks.length, count);
      for (const { name, inputs } of blocks) {
        for (const switch_ of ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"]) {
          assert.equal(inputs[switch_], true, `${name} ${switch_}`);
        }
      }
      const policies = graph.ofType("aws:s3/bucketPolicy:BucketPolicy");
      assert.equal(policies.length, count);
      for (const { name, inputs } of policies) assert.match(String(inputs.policy), /aws:SecureTransport/, name);
    });

    it("gives no role everything", () => {
      const policies = graph.resources.filter(({ type }) => /^aws:iam\/(rolePolicy|policy):/.test(type));
      assert.ok(policies.length >= 6);
      for (const { name, inputs } of policies) {
        const { Statement } = JSON.parse(String(inputs.policy)) as {
          Statement: { Effect: string; Action: string | string[] }[];
        };
        for (const { Effect, Action } of Statement) {
          for (const action of [Action].flat()) {
            assert.ok(Effect === "Deny" || !/^(\*|[a-z0-9-]+:\*)$/i.test(action), `${name} allows ${action}`);
          }
        }
      }
    });

    it("runs nodes with encrypted disks, and tokens that pods cannot fetch", () => {
      const templates = graph.ofType("aws:ec2/launchTemplate:LaunchTemplate");
      assert.equal(templates.length, 4);
      for (const { name, inputs } of templates) {
        const { metadataOptions, blockDeviceMappings, vpcSecurityGroupIds, networkInterfaces } = inputs as {
          metadataOptions: Record<string, unknown>;
          blockDeviceMappings: { ebs: { encrypted: string } }[];
          vpcSecurityGroupIds?: unknown;
          networkInterfaces?: unknown;
        };
        assert.equal(metadataOptions.httpTokens, "required", name);
        assert.equal(metadataOptions.httpPutResponseHopLimit, 1, name);
        for (const { ebs } of blockDeviceMappings) assert.equal(ebs.encrypted, "true", name);
        // With a group of its own EKS would not add the cluster's.
        assert.equal(vpcSecurityGroupIds ?? networkInterfaces, undefined, name);
      }
    });

    it("specifies no pod that Pod Security restricted would refuse", () => {
      assertRestricted(graph, 5);
    });

    it("labels its namespaces restricted, but for those with a reason", () => {
      const loose = graph.ofType("kubernetes:core/v1:Namespace").filter(({ inputs }) => {
        const { labels } = inputs.metadata as { labels: Record<string, string> };
        return labels["pod-security.kubernetes.io/enforce"] !== "restricted";
      });
      assert.deepEqual(
        loose.map(({ name }) => name),
        ["monitoring-namespace", "gpu-runtime-namespace"],
      );
      const metadata = loose[0]?.inputs.metadata as { annotations: Record<string, string> } | undefined;
      assert.match(metadata?.annotations["llm-platform/pod-security-reason"] ?? "", /node-exporter/);
    });
  });
}

describe("security of variants", () => {
  for (const variant of Object.keys(VARIANTS) as VariantName[]) {
    it(`holds: ${variant}`, async () => {
      const { graph } = await recordedVariant(variant);
      assertRestricted(graph, 2);
      for (const { name, port } of addressRules(graph)) assert.ok(LISTENER_PORTS.includes(Number(port)), name);
    });
  }

  it("lets in those whom the settings name, and nobody else", async () => {
    const { graph } = await variantOf("staging", { "ingress.allowedCidrs": ["198.51.100.0/24", "203.0.113.7/32"] });
    const admitted = [...new Set(addressRules(graph).map(({ cidr }) => cidr))];
    assert.deepEqual(admitted.sort(), ["198.51.100.0/24", "203.0.113.7/32"]);
  });
});
