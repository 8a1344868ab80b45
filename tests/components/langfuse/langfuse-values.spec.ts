import assert from "node:assert/strict";
import { mebibytes } from "../../../components/internal/quantities";
import type { LangfuseArgs } from "../../../components/langfuse/langfuse-args";
import { type EnvironmentVariable, heapEnvironment } from "../../../components/langfuse/langfuse-env";
import { chartPodLabels, jobPodLabels, LangfuseJobRole } from "../../../components/langfuse/langfuse-names";
import { langfuseValues } from "../../../components/langfuse/langfuse-values";
import { POST_RENDERER_SHA256 } from "../../../components/langfuse/post-renderer-digest";
import { fullArgs, minimalArgs } from "./langfuse-fixtures";

const named = (list: readonly EnvironmentVariable[]) => Object.fromEntries(list.map((each) => [each.name, each]));
const common = (args: LangfuseArgs) => named(langfuseValues(args).langfuse.additionalEnv);

describe("langfuseValues", () => {
  it("deploys no store and runs no migration in a pod", () => {
    const values = langfuseValues(minimalArgs());
    for (const store of [values.postgresql, values.redis, values.clickhouse, values.s3]) {
      assert.equal(store.deploy, false);
    }
    assert.equal(values.postgresql.migration.autoMigrate, false);
    assert.equal(values.clickhouse.migration.autoMigrate, false);
  });

  it("writes the port behind the host, TLS and the connection limit where the image reads them", () => {
    const { postgresql } = langfuseValues(minimalArgs());
    assert.equal(postgresql.host, "postgres.internal:5432");
    assert.equal(postgresql.args, "sslmode=require&connection_limit=10");
    const args = minimalArgs();
    const other = langfuseValues({
      ...args,
      postgres: { ...args.postgres, port: 6432, sslArguments: "sslmode=verify-full", connectionLimit: 5 },
    });
    assert.equal(other.postgresql.host, "postgres.internal:6432");
    assert.equal(other.postgresql.args, "sslmode=verify-full&connection_limit=5");
  });

  it("tells both charts whether ClickHouse is a cluster, and uses TLS on both ports or on none", () => {
    const args = minimalArgs();
    const plain = langfuseValues(args).clickhouse;
    assert.deepEqual([plain.clusterEnabled, plain.cluster.enabled], [true, true]);
    assert.deepEqual([plain.host, plain.httpPort, plain.nativePort], ["shard-0.langfuse-data.svc", 8123, 9000]);
    const secure = {
      ...args,
      clickhouse: { ...args.clickhouse, clustered: false, tls: { authority: { secretName: "ca", key: "ca.crt" } } },
    };
    const { clickhouse, langfuse } = langfuseValues(secure);
    assert.deepEqual([clickhouse.clusterEnabled, clickhouse.cluster.enabled], [false, false]);
    assert.deepEqual(
      [clickhouse.host, clickhouse.httpPort, clickhouse.nativePort],
      ["https://shard-0.langfuse-data.svc", 8443, 9440],
    );
    assert.equal(clickhouse.migration.ssl, true);
    assert.equal(common(secure).NODE_EXTRA_CA_CERTS?.value, "/etc/clickhouse-authority/ca.crt");
    assert.deepEqual(langfuse.extraVolumeMounts?.[0]?.mountPath, "/etc/clickhouse-authority");
  });

  it("names Redis' user only together with a password", () => {
    const args = minimalArgs();
    assert.equal(langfuseValues(args).redis.auth.username, "default");
    assert.equal(langfuseValues(args).redis.tls.enabled, true);
    const open = langfuseValues({ ...args, redis: { host: "r", tls: false } }).redis;
    assert.deepEqual(open.auth, { username: null, database: 0 });
  });

  it("gives each purpose its bucket, sends no static key, and keeps links shorter than a session", () => {
    const { s3 } = langfuseValues(minimalArgs());
    assert.deepEqual(s3.eventUpload, { bucket: "events", region: "eu-west-1" });
    assert.deepEqual(s3.mediaUpload, { enabled: true, bucket: "media", region: "eu-west-1" });
    assert.deepEqual(s3.batchExport, { enabled: true, bucket: "exports", region: "eu-west-1" });
    assert.equal(s3.forcePathStyle, false);
    assert.equal(s3.region, "eu-west-1");
    const env = common(minimalArgs());
    assert.equal(env.BATCH_EXPORT_DOWNLOAD_LINK_EXPIRATION_HOURS?.value, "6");
    assert.equal(env.LANGFUSE_S3_MEDIA_DOWNLOAD_URL_EXPIRY_SECONDS?.value, "3600");
    assert.equal(env.LANGFUSE_S3_MEDIA_MAX_CONTENT_LENGTH?.value, "1000000000");
  });

  it("takes keys of S3-compatible services by reference and names the KMS key per purpose", () => {
    const args = minimalArgs();
    const id = { secretName: "s3", key: "id" };
    const secret = { secretName: "s3", key: "secret" };
    const events = {
      ...args.buckets.events,
      endpoint: "http://minio:9000",
      kmsKeyArn: "arn:key",
      accessKeyId: id,
      secretAccessKey: secret,
    };
    const other = { ...args, buckets: { ...args.buckets, events, forcePathStyle: true } };
    assert.deepEqual(langfuseValues(other).s3.eventUpload.accessKeyId, { secretKeyRef: { name: "s3", key: "id" } });
    assert.equal(langfuseValues(other).s3.forcePathStyle, true);
    const env = common(other);
    assert.equal(env.LANGFUSE_S3_EVENT_UPLOAD_SSE?.value, "aws:kms");
    assert.equal(env.LANGFUSE_S3_EVENT_UPLOAD_SSE_KMS_KEY_ID?.value, "arn:key");
    assert.equal(env.LANGFUSE_S3_MEDIA_UPLOAD_SSE, undefined);
  });

  it("closes sign-up and telemetry by default", () => {
    const { features } = langfuseValues(minimalArgs()).langfuse;
    assert.deepEqual(features, { telemetryEnabled: false, signUpDisabled: true, experimentalFeaturesEnabled: false });
    assert.equal(langfuseValues({ ...fullArgs(), signUp: true }).langfuse.features.signUpDisabled, false);
    assert.equal(langfuseValues({ ...minimalArgs(), telemetry: true }).langfuse.features.telemetryEnabled, true);
  });

  it("keeps pods at Pod Security restricted with the images' numeric user", () => {
    const { podSecurityContext, securityContext, serviceAccount } = langfuseValues(minimalArgs()).langfuse;
    assert.equal(podSecurityContext.runAsUser, 1001);
    assert.equal(podSecurityContext.runAsNonRoot, true);
    assert.equal(securityContext.allowPrivilegeEscalation, false);
    assert.deepEqual(securityContext.capabilities, { drop: ["ALL"] });
    assert.deepEqual(serviceAccount, { create: false, name: "langfuse", automountServiceAccountToken: false });
  });

  it("spreads by labels that the charts really set, per ReplicaSet", () => {
    const { web, worker } = langfuseValues({ ...minimalArgs(), releaseName: "other" }).langfuse;
    for (const [component, settings] of Object.entries({ web, worker })) {
      const [zone, host] = settings.pod.topologySpreadConstraints;
      assert.deepEqual(zone?.labelSelector.matchLabels, chartPodLabels("other", component));
      assert.deepEqual(
        [zone?.maxSkew, zone?.whenUnsatisfiable, zone?.matchLabelKeys],
        [1, "DoNotSchedule", ["pod-template-hash"]],
      );
      assert.equal(host?.whenUnsatisfiable, "ScheduleAnyway");
    }
  });

  it("gives Jobs labels that no selector of a chart matches", () => {
    for (const role of Object.values(LangfuseJobRole)) {
      for (const component of ["web", "worker"]) {
        const job = jobPodLabels("langfuse", role);
        assert.ok(Object.entries(chartPodLabels("langfuse", component)).some(([key, value]) => job[key] !== value));
      }
    }
  });

  it("outlives a failover of a store in the worker's liveness probe", () => {
    const { livenessProbe } = langfuseValues(minimalArgs()).langfuse.worker;
    assert.ok(livenessProbe.failureThreshold * livenessProbe.periodSeconds >= 180);
  });

  it("fits the heap to the limit of each component", () => {
    const { web, worker } = langfuseValues(fullArgs()).langfuse;
    assert.equal(named(web.pod.additionalEnv).NODE_OPTIONS?.value, "--max-old-space-size=3072");
    assert.equal(named(worker.pod.additionalEnv).NODE_OPTIONS?.value, "--max-old-space-size=6144");
    assert.equal(heapEnvironment("1536Mi").value, "--max-old-space-size=1152");
    assert.equal(mebibytes("1G").toFixed(1), "953.7");
    assert.ok(Number.isNaN(mebibytes("much")));
  });

  it("initialises on the web pods alone, the identifier of the organisation first", () => {
    const { web, worker, additionalEnv } = langfuseValues(fullArgs()).langfuse;
    const initial = web.pod.additionalEnv.filter((each) => each.name.startsWith("LANGFUSE_INIT_"));
    assert.deepEqual(
      initial.map((each) => each.name),
      [
        "LANGFUSE_INIT_ORG_ID",
        "LANGFUSE_INIT_ORG_NAME",
        "LANGFUSE_INIT_PROJECT_ID",
        "LANGFUSE_INIT_PROJECT_NAME",
        "LANGFUSE_INIT_PROJECT_PUBLIC_KEY",
        "LANGFUSE_INIT_PROJECT_SECRET_KEY",
        "LANGFUSE_INIT_USER_EMAIL",
        "LANGFUSE_INIT_USER_NAME",
        "LANGFUSE_INIT_USER_PASSWORD",
      ],
    );
    assert.ok(![...worker.pod.additionalEnv, ...additionalEnv].some((each) => each.name.startsWith("LANGFUSE_INIT_")));
    assert.deepEqual(named(initial).LANGFUSE_INIT_USER_PASSWORD?.valueFrom?.secretKeyRef, {
      name: "langfuse-initialization",
      key: "user-password",
    });
  });

  it("hands autoscaling of web to the chart and the worker's number to nobody", () => {
    const { web, worker } = langfuseValues(fullArgs()).langfuse;
    assert.deepEqual(web.hpa, { enabled: true, minReplicas: 3, maxReplicas: 20, targetCPUUtilizationPercentage: 70 });
    assert.deepEqual(web.pdb, { create: true, minAvailable: 2 });
    assert.equal(web.deployment.annotations["llm-platform/replicas"], undefined);
    assert.equal(worker.deployment.annotations["llm-platform/replicas"], "drop");
    assert.equal("replicas" in worker, false);
  });

  it("keeps the live number of pods while autoscaling is adopted", () => {
    const args = fullArgs();
    const adopting = langfuseValues({
      ...args,
      web: { ...args.web, autoscaling: { minReplicas: 3, maxReplicas: 20, cpuPercent: 70, adoptReplicas: 5 } },
      worker: {
        ...args.worker,
        autoscaling: { minReplicas: 3, maxReplicas: 30, cpuPercent: 60, queueLength: 100, adoptReplicas: 7 },
      },
    }).langfuse;
    assert.equal(adopting.web.deployment.annotations["llm-platform/replicas"], "5");
    assert.equal(adopting.worker.deployment.annotations["llm-platform/replicas"], "7");
  });

  it("keeps a fixed number without autoscaling", () => {
    const { web, worker } = langfuseValues(minimalArgs()).langfuse;
    assert.deepEqual([web.replicas, worker.replicas], [2, 2]);
    assert.equal(web.hpa, undefined);
    assert.equal(worker.deployment.annotations["llm-platform/replicas"], undefined);
    assert.deepEqual(web.pdb, { create: true, maxUnavailable: 1 });
  });

  it("sends the post-renderer its parameters on both Deployments", () => {
    const { web, worker } = langfuseValues(fullArgs()).langfuse;
    assert.deepEqual(web.deployment.annotations, {
      "llm-platform/post-renderer-sha256": POST_RENDERER_SHA256,
      "llm-platform/termination-grace-period-seconds": "140",
      "llm-platform/startup-path": "/api/public/health",
      "llm-platform/startup-failure-threshold": "60",
      "llm-platform/priority-class-name": "serving",
    });
    assert.equal(worker.deployment.annotations["llm-platform/termination-grace-period-seconds"], "300");
    assert.equal(worker.deployment.annotations["llm-platform/readiness-path"], "/api/ready");
  });

  it("holds the web image back and mirrors both images", () => {
    const held = langfuseValues({ ...minimalArgs(), webVersion: "3.224.1", mirrors: { images: "host/pull" } }).langfuse;
    assert.deepEqual(held.web.image, { repository: "host/pull/docker.io/langfuse/langfuse", tag: "3.224.1" });
    assert.deepEqual(held.worker.image, { repository: "host/pull/docker.io/langfuse/langfuse-worker", tag: "3.225.4" });
    assert.equal(held.image.pullPolicy, "IfNotPresent");
    assert.equal(
      langfuseValues(fullArgs("4.4.0")).langfuse.web.image.repository,
      "docker.langfuse.com/langfuse/langfuse",
    );
  });

  it("refers to secrets of sign-in, mail and licence", () => {
    const { langfuse } = langfuseValues({
      ...minimalArgs(),
      sso: {
        providers: {
          google: {
            options: { clientId: "id" },
            secretOptions: { clientSecret: { secretName: "sso", key: "google" } },
          },
        },
      },
      smtp: { connectionUrl: { secretName: "mail", key: "url" }, fromAddress: "a@example.com" },
      licenseKey: { secretName: "licence", key: "key" },
      environment: { LANGFUSE_CSP_ENFORCE_HTTPS: "true" },
      secretEnvironment: { LANGFUSE_EXTRA: { secretName: "extra", key: "value" } },
    });
    assert.deepEqual(langfuse.auth, {
      disableUsernamePassword: false,
      providers: { google: { clientId: "id", clientSecret: { secretKeyRef: { name: "sso", key: "google" } } } },
    });
    assert.deepEqual(langfuse.licenseKey, { secretKeyRef: { name: "licence", key: "key" } });
    const env = named(langfuse.additionalEnv);
    assert.deepEqual(env.SMTP_CONNECTION_URL?.valueFrom?.secretKeyRef, { name: "mail", key: "url" });
    assert.equal(env.EMAIL_FROM_ADDRESS?.value, "a@example.com");
    assert.equal(env.LANGFUSE_CSP_ENFORCE_HTTPS?.value, "true");
    assert.deepEqual(env.LANGFUSE_EXTRA?.valueFrom?.secretKeyRef, { name: "extra", key: "value" });
  });

  it("sets every variable once", () => {
    const { additionalEnv, web, worker } = langfuseValues(fullArgs()).langfuse;
    for (const pod of [web.pod, worker.pod]) {
      const names = [...additionalEnv, ...pod.additionalEnv].map((each) => each.name);
      assert.deepEqual(names, [...new Set(names)]);
    }
  });
});
