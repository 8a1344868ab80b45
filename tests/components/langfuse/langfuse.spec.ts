import assert from "node:assert/strict";
import { Langfuse } from "../../../components/langfuse/langfuse";
import type { LangfuseArgs } from "../../../components/langfuse/langfuse-args";
import { migrationEnvironment } from "../../../components/langfuse/langfuse-env";
import { LANGFUSE_SECRETS } from "../../../components/langfuse/langfuse-secret-names";
import type { RecordedResource, RecordOptions } from "../../../preview/recorder";
import { type Graph, graphOf, revealed } from "../../support/graph";
import { explicitProviders } from "../../support/providers";
import { fullArgs, minimalArgs } from "./langfuse-fixtures";

const JOB = "kubernetes:batch/v1:Job";
const RELEASE = "kubernetes:helm.sh/v3:Release";
const SCALED = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const TRIGGER = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication";
const INGRESS = "kubernetes:networking.k8s.io/v1:Ingress";

const build = (args: LangfuseArgs, options?: RecordOptions) =>
  graphOf(() => new Langfuse("app", args, explicitProviders()), options);
// biome-ignore lint/suspicious/noExplicitAny: objects of Kubernetes, read as they were sent
const inputs = (resource: RecordedResource) => revealed(resource.inputs) as any;
const pod = (graph: Graph, role: string) => inputs(graph.one(JOB, `app-${role}`)).spec.template;
const container = (graph: Graph, role: string) => pod(graph, role).spec.containers[0];
const children = (graph: Graph) =>
  graph
    .childrenOf(graph.component("Langfuse"))
    .map((each) => each.name)
    .sort();

describe("Langfuse", () => {
  it("needs little: an account, migrations and the release", async () => {
    const graph = await build(minimalArgs());
    assert.deepEqual(children(graph), ["app-migrations", "app-release", "app-serviceaccount"]);
    assert.equal(graph.component("Langfuse").outputs?.url, "https://langfuse.example.com");
  });

  it("has everything when everything is asked for", async () => {
    assert.deepEqual(children(await build(fullArgs())), [
      "app-ingress",
      "app-migrations",
      "app-redis-trigger",
      "app-release",
      "app-roles",
      "app-roles-scripts",
      "app-serviceaccount",
      "app-smoke",
      "app-smoke-scripts",
      "app-worker-scaledobject",
    ]);
  });

  it("releases the chart of the version's major, by fixed name, and waits for it", async () => {
    const three = inputs((await build(minimalArgs())).one(RELEASE));
    assert.equal(three.version, "1.5.41");
    assert.deepEqual(
      [three.name, three.namespace, three.postrender],
      ["langfuse", "langfuse", "./components/langfuse/post-renderer.js"],
    );
    assert.deepEqual(
      [three.waitForJobs, three.cleanupOnFail, three.skipAwait, three.timeout],
      [true, true, false, 1200],
    );
    const four = await build({
      ...fullArgs("4.4.0"),
      postRenderer: "./node_modules/.bin/langfuse",
      timeoutSeconds: 1800,
    });
    const release = four.one(RELEASE);
    assert.equal(inputs(release).version, "2.0.0");
    assert.equal(inputs(release).postrender, "./node_modules/.bin/langfuse");
    assert.deepEqual(release.options.customTimeouts, { create: "35m", update: "35m", delete: "35m" });
    assert.equal(container(four, "migrations").image, "docker.langfuse.com/langfuse/langfuse:4.4.0");
  });

  it("takes chart and images from the mirrors", async () => {
    const graph = await build({ ...fullArgs(), mirrors: { charts: "./charts", images: "host/pull" } });
    assert.equal(inputs(graph.one(RELEASE)).chart, "./charts/langfuse-1.5.41.tgz");
    for (const role of ["migrations", "roles", "smoke"]) {
      assert.equal(container(graph, role).image, "host/pull/docker.io/langfuse/langfuse:3.225.4");
    }
  });

  it("migrates once, with one try, without a time to live, where no eviction reaches it", async () => {
    const graph = await build(fullArgs());
    const job = graph.one(JOB, "app-migrations");
    const { metadata, spec } = inputs(job);
    assert.equal(metadata.annotations["pulumi.com/replaceUnready"], "true");
    assert.deepEqual(
      [spec.backoffLimit, spec.activeDeadlineSeconds, spec.ttlSecondsAfterFinished],
      [0, 1500, undefined],
    );
    assert.equal(spec.template.spec.restartPolicy, "Never");
    assert.equal(spec.template.metadata.annotations["cluster-autoscaler.kubernetes.io/safe-to-evict"], "false");
    assert.deepEqual(spec.template.spec.nodeSelector, { "node-type": "system" });
    assert.equal(spec.template.spec.priorityClassName, "serving");
    assert.equal(pod(graph, "roles").spec.priorityClassName, "serving");
    assert.equal(pod(graph, "smoke").spec.priorityClassName, "batch");
    assert.deepEqual(container(graph, "migrations").args, ["true"]);
    assert.equal(job.options.customTimeouts.create, "30m");
    const names = container(graph, "migrations").env.map((each: { name: string }) => each.name);
    assert.deepEqual(
      names,
      migrationEnvironment(fullArgs()).map((each) => each.name),
    );
    assert.ok(!names.includes("SALT") && !names.includes("LANGFUSE_AUTO_POSTGRES_MIGRATION_DISABLED"));
  });

  it("names the migration by version and stores, not by resources or credentials", async () => {
    const nameOf = async (args: LangfuseArgs) => inputs((await build(args)).one(JOB, "app-migrations")).metadata.name;
    const args = minimalArgs();
    const name = await nameOf(args);
    assert.match(name, /^langfuse-migrations-[0-9a-f]{8}$/);
    assert.equal(await nameOf({ ...args, secrets: { ...args.secrets, revision: "7" }, priorityClassName: "x" }), name);
    assert.equal(await nameOf({ ...args, postgres: { ...args.postgres, username: "langfuse_b" } }), name);
    assert.notEqual(await nameOf({ ...args, version: "3.224.1" }), name);
    assert.notEqual(await nameOf({ ...args, postgres: { ...args.postgres, host: "other" } }), name);
    assert.notEqual(await nameOf({ ...args, clickhouse: { ...args.clickhouse, host: "other" } }), name);
    assert.equal(await nameOf({ ...args, webVersion: "3.224.1" }), name, "the schema never waits for the web pods");
  });

  it("leaves migrations alone when a rotation gives the pods another login", async () => {
    const args = fullArgs();
    const login = (store: { readonly name: string; readonly keys: { readonly passwordA: string } }) => ({
      username: "langfuse_a",
      password: { secretName: store.name, key: store.keys.passwordA },
    });
    const rotated = (slot: "A" | "B"): LangfuseArgs => {
      const postgresKey = LANGFUSE_SECRETS.postgres.keys[`password${slot}`];
      const clickhouseKey = LANGFUSE_SECRETS.clickhouse.keys[`password${slot}`];
      const username = `langfuse_${slot.toLowerCase()}`;
      return {
        ...args,
        postgres: {
          ...args.postgres,
          username,
          password: { secretName: LANGFUSE_SECRETS.postgres.name, key: postgresKey },
          migrationLogin: login(LANGFUSE_SECRETS.postgres),
        },
        clickhouse: {
          ...args.clickhouse,
          username,
          password: { secretName: LANGFUSE_SECRETS.clickhouse.name, key: clickhouseKey },
          migrationLogin: login(LANGFUSE_SECRETS.clickhouse),
        },
      };
    };
    const before = await build(rotated("A"));
    const after = await build(rotated("B"));
    assert.deepEqual(inputs(after.one(JOB, "app-migrations")), inputs(before.one(JOB, "app-migrations")));
    const values = (graph: Graph) => JSON.stringify(inputs(graph.one("kubernetes:helm.sh/v3:Release")).values);
    assert.notEqual(values(after), values(before));
  });

  it("makes and tests logins again whenever a revision moves", async () => {
    const namesOf = async (revision: string) => {
      const graph = await build({ ...fullArgs(), secrets: { ...fullArgs().secrets, revision } });
      return ["roles", "smoke"].map((role) => inputs(graph.one(JOB, `app-${role}`)).metadata.name);
    };
    const before = await namesOf("postgres-0");
    const after = await namesOf("postgres-1");
    assert.ok(before.every((name, index) => name !== after[index]));
  });

  it("keeps every pod of a Job at Pod Security restricted, without a token", async () => {
    const graph = await build(fullArgs());
    for (const role of ["migrations", "roles", "smoke"]) {
      const { spec } = pod(graph, role);
      assert.equal(spec.automountServiceAccountToken, false);
      assert.equal(spec.enableServiceLinks, false);
      assert.deepEqual([spec.securityContext.runAsNonRoot, spec.securityContext.runAsUser], [true, 1001]);
      assert.equal(spec.securityContext.seccompProfile.type, "RuntimeDefault");
      const { securityContext, resources } = spec.containers[0];
      assert.equal(securityContext.allowPrivilegeEscalation, false);
      assert.deepEqual(securityContext.capabilities.drop, ["ALL"]);
      assert.equal(securityContext.readOnlyRootFilesystem, role === "smoke");
      assert.ok(resources.requests.memory && resources.limits.memory);
    }
  });

  it("makes logins with the master's password, in the environment alone", async () => {
    const graph = await build(fullArgs());
    const { env, command, args } = container(graph, "roles");
    assert.deepEqual(command, ["node", "/opt/scripts/roles.mjs"]);
    assert.equal(args, undefined);
    const byName = Object.fromEntries(env.map((each: { name: string }) => [each.name, each]));
    assert.deepEqual(byName.DATABASE_MASTER_PASSWORD.valueFrom.secretKeyRef, {
      name: "langfuse-pg-master",
      key: "password",
    });
    assert.equal(byName.DATABASE_LOGINS.value, "langfuse_a,langfuse_b");
    assert.deepEqual(byName.DATABASE_LOGIN_PASSWORD_1.valueFrom.secretKeyRef, {
      name: "langfuse-pg-credentials",
      key: "password-b",
    });
    const script = graph.one("kubernetes:core/v1:ConfigMap", "app-roles-scripts");
    assert.deepEqual(Object.keys(inputs(script).data), ["roles.mjs", "roles.prisma"]);
    assert.match(inputs(script).metadata.name, /^langfuse-roles-[0-9a-f]{8}$/);
  });

  it("scales the worker by both queues with CPU beside them, the password by reference", async () => {
    const graph = await build(fullArgs());
    const { spec } = inputs(graph.one(SCALED));
    assert.deepEqual([spec.minReplicaCount, spec.maxReplicaCount], [3, 30]);
    assert.equal(spec.scaleTargetRef.name, "langfuse-worker");
    assert.deepEqual(spec.fallback, { failureThreshold: 4, replicas: 3, behavior: "currentReplicasIfHigher" });
    const [ingestion, otlp, cpu] = spec.triggers;
    assert.deepEqual(ingestion, {
      type: "redis",
      metadata: {
        address: "redis.internal:6379",
        listName: "bull:ingestion-queue:wait",
        listLength: "100",
        databaseIndex: "0",
        enableTLS: "true",
      },
      authenticationRef: { name: "langfuse-redis-trigger" },
    });
    assert.equal(otlp.metadata.listName, "bull:otel-ingestion-queue:wait");
    assert.deepEqual(cpu, { type: "cpu", metricType: "Utilization", metadata: { value: "60" } });
    assert.deepEqual(inputs(graph.one(TRIGGER)).spec.secretTargetRef, [
      { parameter: "password", name: "langfuse-redis-credentials", key: "password-a" },
    ]);
  });

  it("scales without authentication when Redis has no password", async () => {
    const graph = await build({ ...fullArgs(), redis: { host: "redis", tls: false } });
    assert.equal(graph.ofType(TRIGGER).length, 0);
    assert.equal(inputs(graph.one(SCALED)).spec.triggers[0].authenticationRef, undefined);
    assert.equal(inputs(graph.one(SCALED)).spec.triggers[0].metadata.enableTLS, "false");
  });

  it("opens an Ingress of its own to the web Service", async () => {
    const { metadata, spec } = inputs((await build(fullArgs())).one(INGRESS));
    assert.equal(metadata.name, "langfuse-public");
    assert.deepEqual(metadata.annotations, { "pulumi.com/skipAwait": "true", "example.com/body": "50m" });
    assert.deepEqual(spec, {
      ingressClassName: "nginx",
      tls: [{ hosts: ["langfuse.example.com"], secretName: "langfuse-tls" }],
      rules: [
        {
          host: "langfuse.example.com",
          http: {
            paths: [
              { path: "/", pathType: "Prefix", backend: { service: { name: "langfuse-web", port: { number: 3000 } } } },
            ],
          },
        },
      ],
    });
  });

  it("makes the account that the identity names, with its annotations and no token", async () => {
    const args = { ...minimalArgs(), serviceAccountName: "langfuse-app", serviceAccountAnnotations: { role: "arn" } };
    const account = inputs((await build(args)).one("kubernetes:core/v1:ServiceAccount"));
    assert.equal(account.metadata.name, "langfuse-app");
    assert.deepEqual(account.metadata.annotations, { role: "arn" });
    assert.equal(account.automountServiceAccountToken, false);
  });

  it("asks the smoke Job for the version's own tables and replicas", async () => {
    const envOf = (graph: Graph) =>
      Object.fromEntries(
        container(graph, "smoke").env.map((each: { name: string; value: string }) => [each.name, each.value]),
      );
    const three = envOf(await build(fullArgs()));
    assert.deepEqual([three.LANGFUSE_MAJOR, three.SMOKE_TABLES], ["3", "traces,observations,scores"]);
    assert.deepEqual([three.SMOKE_REPLICAS, three.LANGFUSE_URL], ["3", "http://langfuse-web:3000"]);
    const four = envOf(await build(fullArgs("4.4.0")));
    assert.deepEqual([four.LANGFUSE_MAJOR, four.SMOKE_TABLES], ["4", "events_full,events_core,scores"]);
  });

  it("mounts ClickHouse's authority wherever Node speaks to it", async () => {
    const args = fullArgs();
    const tls = { authority: { secretName: "clickhouse-ca", key: "ca.crt" } };
    const graph = await build({ ...args, clickhouse: { ...args.clickhouse, tls } });
    const { spec } = pod(graph, "smoke");
    assert.deepEqual(spec.volumes[1].secret, {
      secretName: "clickhouse-ca",
      items: [{ key: "ca.crt", path: "ca.crt" }],
    });
    assert.equal(spec.containers[0].volumeMounts[1].mountPath, "/etc/clickhouse-authority");
  });
});
