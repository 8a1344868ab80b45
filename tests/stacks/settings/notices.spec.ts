import assert from "node:assert/strict";
import { type NoticeContext, notices } from "../../../stacks/settings";
import { ENDPOINTS_WITHOUT_NAT } from "../../../stacks/settings/rules/network";
import { type Changes, parsed } from "../../support/settings";
import { VARIANTS } from "../../support/variants";

const TODAY = new Date("2026-11-21T12:00:00Z");

function noticesOf(
  changes: Changes,
  context: Partial<NoticeContext> = {},
  stack: "prod" | "staging" = "prod",
): string[] {
  const result = parsed(changes, {}, stack);
  assert.deepEqual(result.problems, undefined);
  return result.settings ? notices(result.settings, { today: TODAY, ...context }) : [];
}

/** Models have notices of their own. */
const NO_MODELS: Changes = { llm: undefined };

/** What a change adds to the notices of the committed production stack without models. */
function added(changes: Changes, context: Partial<NoticeContext> = {}): string[] {
  const usual = noticesOf(NO_MODELS);
  return noticesOf({ ...NO_MODELS, ...changes }, context).filter((notice) => !usual.includes(notice));
}

const REACH = "cluster: the API server is reached from 203.0.113.0/24.";
const RATE =
  "ingress: each of the 3 controller pods counts by itself, so a client may send up to 18000 requests a minute.";
const VERSION_3 = "langfuse: version 3 gets patches until the end of January 2027; version 4 runs on the same stores.";

describe("notices", () => {
  it("tell of the committed production stack what its owner should know", () => {
    assert.deepEqual(noticesOf({}), [
      REACH,
      VERSION_3,
      "nodePools.gpu: 3 GPU machines run, and are billed, from the first minute.",
      "nodePools.gpu: where the pool is there already and has fewer machines, EKS refuses minSize 3; desiredSize: 3 and resize: true in the same run mend that.",
      "llm.models.chat: serves qwen2-5-72b-instruct-awq v1; a replica holds about 30 sequences of 4096 tokens at once; another version rolls its pods.",
      "llm.models.chat: an answer that needs more than 135 s still is cut when its pod goes; timing.shutdown gives it longer.",
      "ingress: langfuse.example.com is open to the whole internet; ingress.allowedCidrs narrows it.",
      RATE,
      "certificates: langfuse.example.com lies in a domain reserved for examples; no issuer is made until the host is a real one.",
      "certificates: the e-mail address is a reserved one, which Let's Encrypt refuses; it is left out.",
      "llm.gateway: a client address may make 100 requests a minute over all models and all pods of Traefik, 3 at once; what exceeds it is answered with 429.",
      "llm.gateway: requests are counted in Redis: while it does not answer, every request to a model is answered with 500.",
      "llm.gateway: an answer whose first byte takes longer than 600 s ends with 504; a stream may last as long as it speaks.",
      "certificates: api.example.com lies in a domain reserved for examples; callers get the ingress controller's own certificate.",
    ]);
  });

  it("are few for a stack with nothing unusual", () => {
    const changes = {
      ...NO_MODELS,
      "nodePools.gpu": undefined,
      "dns.domain": "acme.dev",
      "langfuse.host": "langfuse.acme.dev",
      "langfuse.version": "4.4.0",
      "certificates.email": "platform@acme.dev",
      "ingress.allowedCidrs": ["198.51.100.0/24"],
    };
    assert.deepEqual(noticesOf(changes), [REACH, RATE]);
    assert.deepEqual(noticesOf({ ...changes, "langfuse.ingress": {} }), [REACH]);
  });

  it("tell of the version that callers reach, of two colours the active one's", () => {
    const other = {
      model: "qwen2-5-72b-instruct-awq",
      version: "2",
      source: { bucket: { name: "ours", prefix: "chat/" } },
    };
    const found = noticesOf({
      "llm.models.chat.autoscaling": { minReplicas: 1, maxReplicas: 2 },
      "llm.models.chat.delivery": { blueGreen: { activeColor: "green", blue: {}, green: { version: "2" } } },
      "llm.store.imports": [other],
    });
    assert.ok(found.some((notice) => notice.startsWith("llm.models.chat: serves qwen2-5-72b-instruct-awq v2;")));
    assert.ok(!found.some((notice) => notice.includes("not served yet")));
  });

  it("say that keys pass in clear where a load balancer has no certificate", () => {
    const found = noticesOf({ "ingress.controller": "alb" });
    assert.ok(found.some((notice) => notice.includes("answers plain HTTP, and keys would pass in clear")));
  });

  it("say in staging that nothing is protected", () => {
    const expected = "lifecycle: disposable; nothing is protected, and data, buckets and backups go with the stack.";
    assert.ok(noticesOf({}, {}, "staging").includes(expected));
  });

  const cases: [string, Changes, string[], Partial<NoticeContext>?][] = [
    [
      "a second shard",
      { "clickhouse.create.shards": 2, "clickhouse.create.replicas": 2 },
      [
        "clickhouse: Langfuse uses one shard and is pinned to the first; the second holds none of its data, costs as much again, and an outage there blocks Langfuse's migrations.",
      ],
    ],
    [
      "a Kubernetes minor near its end",
      { "cluster.create.kubernetesVersion": "1.34" },
      [
        "cluster: standard support of Kubernetes 1.34 ends on 2026-12-02, in 10 days; EKS then upgrades the cluster by itself. Raise kubernetesVersion before.",
      ],
    ],
    [
      "a Kubernetes minor past its end",
      {},
      ["cluster: standard support of Kubernetes 1.35 ended on 2027-03-27; EKS upgrades the cluster by itself."],
      { today: new Date("2027-04-01") },
    ],
    [
      "a private API server",
      { "cluster.create.endpoint": { reachedPrivately: true } },
      [
        "cluster: the API server is reached from inside the VPC. Runners of GitHub and laptops without a VPN do not reach it.",
      ],
    ],
    [
      "every loosening",
      { allow: ["durableWithoutMultiAz", "durableWithoutBackups", "retiredIngressNginx"] },
      [
        "allow.durableWithoutMultiAz: durable data may live in one zone only, and is unreachable while that zone is.",
        "allow.durableWithoutBackups: durable data may have few or no backups to go back to.",
        "allow.retiredIngressNginx: ingress-nginx gets no security fixes since March 2026.",
      ],
    ],
    [
      "one NAT gateway under durable data",
      { "network.create.natGateways": "single" },
      ["network: one NAT gateway; when its zone is gone, every zone is cut off from the internet."],
    ],
    [
      "a web that is held back",
      { "langfuse.webVersion": "3.224.1" },
      ["langfuse: web is held back at 3.224.1 while workers are at 3.225.4; remove webVersion in the next run."],
    ],
    [
      "nobody who can sign in",
      { "langfuse.initialization": undefined },
      ["langfuse: without initialization and without sso nobody can sign in."],
    ],
    [
      "spot, resizing, GPUs and types that we do not know",
      {
        "nodePools.cpu.capacityType": "spot",
        "nodePools.cpu.desiredSize": 6,
        "nodePools.cpu.perZone": false,
        "nodePools.cpu.resize": true,
        llm: undefined,
        "nodePools.gpu.minSize": 2,
        "nodePools.trial": { instanceType: "u7in-16tb.224xlarge", minSize: 0, maxSize: 1 },
      },
      [
        "nodePools.cpu: spot machines go at two minutes' notice; Jobs and stores keep off them.",
        "nodePools.cpu: the autoscaler cannot choose a zone inside one group, and Langfuse's pods are spread over zones, so that it may stop short of maxReplicas; perZone mends that.",
        "nodePools.cpu: resize sets the pool to desiredSize in this run; remove it in the next.",
        "nodePools: u7in-16tb.224xlarge is not in our table of instance types; what fits on it is unchecked.",
        "nodePools.gpu: minSize 2 counts once a model server runs there.",
      ],
    ],
    [
      "no autoscaler of machines",
      { autoscaling: { clusterAutoscaler: false } },
      ["autoscaling: without the cluster autoscaler every pool stays at the size it has."],
    ],
    [
      "a database class that we do not know",
      { "postgres.create.instanceClass": "db.z1d.large" },
      ["postgres: how many connections a db.z1d.large takes is not known here; the connection budget is unchecked."],
    ],
    [
      "a rate limit",
      { "langfuse.ingress": { requestsPerMinutePerClient: 100 } },
      ["ingress: each of the 3 controller pods counts by itself, so a client may send up to 300 requests a minute."],
    ],
    [
      "names that nobody enters for want of a NAT gateway",
      {
        "network.create.natGateways": "none",
        "network.create.interfaceEndpoints": [...ENDPOINTS_WITHOUT_NAT],
        "images.mirror": "registry.example.com",
        "certificates.issuer": "selfSigned",
        "dns.domain": "acme.dev",
        "langfuse.host": "langfuse.acme.dev",
        "ingress.allowedCidrs": ["198.51.100.0/24"],
      },
      [
        "dns: without a NAT gateway external-dns does not reach Route 53 and is left out; enter records of Ingresses besides Langfuse's yourself.",
        "certificates: browsers do not trust issuer selfSigned.",
      ],
    ],
    [
      "a zone that somebody must delegate",
      { "dns.zoneId": undefined, "dns.create": {} },
      [
        "dns: delegate example.com to the name servers in the stack's outputs, then set dns.create.delegated; issuers and certificates are made from then on.",
      ],
    ],
    ["a zone that is delegated", { "dns.zoneId": undefined, "dns.create": { delegated: true } }, []],
    [
      "no zone",
      { dns: undefined, "certificates.solver": "http01" },
      ["dns: no zone; point langfuse.example.com at the load balancer yourself."],
    ],
    [
      "certificates that browsers do not trust",
      {
        "dns.domain": "acme.dev",
        "langfuse.host": "langfuse.acme.dev",
        "certificates.issuer": "selfSigned",
        "ingress.internal": true,
      },
      ["certificates: browsers do not trust issuer selfSigned."],
    ],
    [
      "an issuer beside the alb controller",
      {
        "dns.domain": "acme.dev",
        "langfuse.host": "langfuse.acme.dev",
        "ingress.controller": "alb",
        "ingress.internal": true,
      },
      [
        "ingress: an ALB does not limit rates; requestsPerMinutePerClient takes a rate rule of AWS WAF there.",
        "certificates: the alb controller takes its certificate from ACM; issuer is not used for it.",
      ],
    ],
    [
      "secrets in plain text",
      { secrets: { salt: "0123456789abcdef" } },
      ["secrets: salt stand in the stack file as plain text; set them by `pulumi config set --secret --path`."],
      { secretsEncrypted: false },
    ],
    [
      "keys of other namespaces",
      {},
      ["aws:defaultTags: not read; this program sets up its own providers."],
      { otherKeys: ["aws:defaultTags", "other:key"] },
    ],
  ];
  for (const [what, changes, expected, context] of cases) {
    it(`${expected.length > 0 ? "tell" : "say nothing"} of ${what}`, () =>
      assert.deepEqual(added(changes, context), expected));
  }

  it("say what a cluster of somebody else's must have", () => {
    const { stack, changes } = VARIANTS["existing cluster"];
    const found = noticesOf(changes, {}, stack).filter((notice) => notice.startsWith("cluster:"));
    assert.deepEqual(found, [
      "cluster: theirs is used as it is; whoever deploys must reach it with the kubeconfig given.",
      "cluster: theirs must run metrics-server; without it Langfuse's autoscalers do not see CPU, and web stays at minReplicas.",
    ]);
  });

  it("warn of a Kubernetes minor from 120 days before its end on", () => {
    const warned = (today: string) => added({}, { today: new Date(today) }).length > 0;
    assert.equal(warned("2026-11-26T00:00:00Z"), false);
    assert.equal(warned("2026-11-27T00:00:00Z"), true);
  });
});
