import assert from "node:assert/strict";
import { Cloud } from "../../../rehearsal/aws/cloud";
import type { CloudObserver } from "../../../rehearsal/aws/observer";
import { DEFAULTED } from "../../../rehearsal/aws/resource";
import { AwsStandIn } from "../../../rehearsal/aws/stand-in";
import type { DiffResult, Properties, ResourceIdentity } from "../../../rehearsal/providers/provider";

/** A resource that a test has made. */
export interface Made {
  readonly resource: ResourceIdentity;
  readonly id: string;
  readonly inputs: Properties;
  readonly state: Properties;
}

const REAL = { preview: false, timeoutSeconds: undefined };

/** An empty account and the provider on it, driven as the engine drives it. */
export class AwsAccount {
  readonly cloud: Cloud;
  readonly provider: AwsStandIn;

  constructor(observer: CloudObserver = {}) {
    this.cloud = new Cloud({
      endpoint: { endpoint: "https://first.invalid", certificateAuthority: "Zmlyc3Q=" },
      observer,
    });
    this.provider = new AwsStandIn({ cloud: this.cloud });
  }

  async make(type: string, name: string, given: Properties = {}): Promise<Made> {
    const resource = { urn: `urn:pulumi:test::project::${type}::${name}`, type, name };
    const { inputs, failures } = await this.provider.check(resource, undefined, given);
    assert.deepEqual(failures, []);
    const { id, state } = await this.provider.create(resource, inputs, REAL);
    return { resource, id, inputs, state };
  }

  async change({ resource, id, inputs, state }: Made, changes: Properties): Promise<Made> {
    const now = { ...inputs, ...changes };
    return { resource, id, inputs: now, state: await this.provider.update(resource, id, inputs, state, now, REAL) };
  }

  /** What the engine would do about changed inputs. */
  async compare({ resource, id, inputs, state }: Made, changes: Properties): Promise<DiffResult> {
    const automatic: string[] = inputs[DEFAULTED] ?? [];
    const given = Object.fromEntries(Object.entries(inputs).filter(([key]) => !automatic.includes(key)));
    const checked = await this.provider.check(resource, inputs, { ...given, ...changes });
    return this.provider.diff(resource, id, inputs, state, checked.inputs);
  }

  remove({ resource, id }: Made): Promise<void> {
    return this.provider.delete(resource, id);
  }

  refresh({ resource, id, inputs }: Made): Promise<{ inputs: Properties; state: Properties } | undefined> {
    return this.provider.read(resource, id, inputs);
  }

  /** A VPC with one subnet that has a way out by an internet gateway. */
  async network() {
    const vpc = await this.make("aws:ec2/vpc:Vpc", "vpc", { cidrBlock: "10.0.0.0/16" });
    const inVpc = { vpcId: vpc.id };
    const gateway = await this.make("aws:ec2/internetGateway:InternetGateway", "gateway", inVpc);
    const place = { ...inVpc, cidrBlock: "10.0.0.0/24", availabilityZone: "us-east-1a" };
    const subnet = await this.make("aws:ec2/subnet:Subnet", "subnet", place);
    const table = await this.make("aws:ec2/routeTable:RouteTable", "table", inVpc);
    const out = { routeTableId: table.id, destinationCidrBlock: "0.0.0.0/0", gatewayId: gateway.id };
    const route = await this.make("aws:ec2/route:Route", "route", out);
    const pair = { routeTableId: table.id, subnetId: subnet.id };
    await this.make("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", pair);
    return { vpc, gateway, subnet, route };
  }

  /** A role with AWS' policies of these names attached. */
  async role(name: string, ...policies: string[]): Promise<Made> {
    const role = await this.make("aws:iam/role:Role", name, { assumeRolePolicy: "{}" });
    for (const policy of policies) {
      const attachment = { role: role.state.name, policyArn: `arn:aws:iam::aws:policy/${policy}` };
      await this.make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", `${name}-${policy}`, attachment);
    }
    return role;
  }

  /** A cluster named `main` on a network of its own, without nodes. */
  async cluster(changes: Properties = {}) {
    const network = await this.network();
    const role = await this.role("cluster", "AmazonEKSClusterPolicy");
    const vpcConfig = { subnetIds: [network.subnet.id] };
    const given = { name: "main", version: "1.35", roleArn: role.state.arn, vpcConfig, ...changes };
    return { ...network, cluster: await this.make("aws:eks/cluster:Cluster", "cluster", given) };
  }

  /** A cluster with a node group of these sizes. */
  async nodes(minSize: number, desiredSize: number, maxSize: number) {
    const { subnet, route, cluster } = await this.cluster();
    const role = await this.role(
      "nodes",
      "AmazonEKSWorkerNodePolicy",
      "AmazonEKS_CNI_Policy",
      "AmazonEC2ContainerRegistryPullOnly",
    );
    const group = await this.make("aws:eks/nodeGroup:NodeGroup", "pool-cpu-nodes-us-east-1a", {
      clusterName: "main",
      nodeRoleArn: role.state.arn,
      subnetIds: [subnet.id],
      instanceTypes: ["m7i.large"],
      scalingConfig: { minSize, desiredSize, maxSize },
    });
    return { subnet, route, cluster, role, group };
  }
}
