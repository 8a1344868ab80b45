import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { POST_RENDERER_SHA256 } from "../../../components/langfuse/post-renderer-digest";

const SCRIPT = resolve(__dirname, "../../../components/langfuse/post-renderer.js");
const PARAMETERS = {
  "llm-platform/post-renderer-sha256": POST_RENDERER_SHA256,
  "llm-platform/termination-grace-period-seconds": "140",
  "llm-platform/startup-path": "/api/health",
  "llm-platform/startup-failure-threshold": "60",
};

/** A Deployment as the charts render it, cut down to what the post-renderer looks at. */
function deployment(component: string, annotations: Record<string, string> = {}, pod = "", container = ""): string {
  const lines = Object.entries({ ...PARAMETERS, ...annotations }).map(([key, value]) => `    ${key}: "${value}"`);
  return `---
# Source: langfuse/templates/${component}/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: langfuse-${component}
  labels:
    app.kubernetes.io/component: ${component}
  annotations:
${lines.join("\n")}
spec:
  replicas: 1
  template:
    spec:
${pod}      serviceAccountName: langfuse
      containers:
        - name: langfuse-${component}
          image: "langfuse/langfuse:3.225.4"
          env:
            - name: DISABLED
              value: "true"
          ports:
            - name: http
              containerPort: 3000
${container}`;
}

const SERVICE = `---
# Source: langfuse/templates/web/service.yaml
apiVersion: v1
kind: Service
metadata: {name:   langfuse-web,   labels: {"a": 'b'}}   # spacing and quotes are nobody's business
data:
  text: |
    first

     ---- no marker
`;

function render(stream: string) {
  return spawnSync(SCRIPT, [], { input: stream, encoding: "utf8" });
}

interface Rendered {
  metadata: { labels: Record<string, string> };
  spec: {
    replicas?: number;
    template: {
      spec: {
        enableServiceLinks?: boolean;
        terminationGracePeriodSeconds?: number;
        priorityClassName?: string;
        containers: Record<string, unknown>[];
      };
    };
  };
}

function rendered(stream: string, component: string): Rendered {
  const result = render(stream);
  assert.equal(result.stderr, "");
  const found = parseAllDocuments(result.stdout)
    .map((document) => document.toJS() as Rendered | null)
    .find((object) => object?.metadata.labels["app.kubernetes.io/component"] === component);
  assert.ok(found);
  return found;
}

describe("post-renderer", () => {
  it("is executable, and is the file that the values name", () => {
    assert.equal(statSync(SCRIPT).mode & 0o777, 0o755);
    assert.ok(readFileSync(SCRIPT, "utf8").startsWith("#!/usr/bin/env node\n"));
    assert.equal(createHash("sha256").update(readFileSync(SCRIPT)).digest("hex"), POST_RENDERER_SHA256);
  });

  it("sets grace period, startup probe and service links, and leaves the rest of the Deployment alone", () => {
    const web = rendered(deployment("web") + deployment("worker"), "web");
    assert.deepEqual(web.spec, {
      replicas: 1,
      template: {
        spec: {
          serviceAccountName: "langfuse",
          containers: [
            {
              name: "langfuse-web",
              image: "langfuse/langfuse:3.225.4",
              env: [{ name: "DISABLED", value: "true" }],
              ports: [{ name: "http", containerPort: 3000 }],
              startupProbe: {
                httpGet: { path: "/api/health", port: "http" },
                periodSeconds: 5,
                timeoutSeconds: 5,
                failureThreshold: 60,
              },
            },
          ],
          enableServiceLinks: false,
          terminationGracePeriodSeconds: 140,
        },
      },
    });
  });

  it("adds readiness and a priority class where it is told to", () => {
    const annotations = { "llm-platform/readiness-path": "/api/ready", "llm-platform/priority-class-name": "serving" };
    const worker = rendered(deployment("web") + deployment("worker", annotations), "worker");
    assert.equal(worker.spec.template.spec.priorityClassName, "serving");
    assert.deepEqual(worker.spec.template.spec.containers[0]?.readinessProbe, {
      httpGet: { path: "/api/ready", port: "http" },
      periodSeconds: 5,
      timeoutSeconds: 5,
      failureThreshold: 3,
    });
  });

  it("drops the number of pods under an autoscaler, or keeps the live one", () => {
    const dropped = rendered(deployment("web") + deployment("worker", { "llm-platform/replicas": "drop" }), "worker");
    assert.equal("replicas" in dropped.spec, false);
    const kept = rendered(deployment("web") + deployment("worker", { "llm-platform/replicas": "7" }), "worker");
    assert.equal(kept.spec.replicas, 7);
  });

  it("passes every other object byte by byte", () => {
    const result = render(SERVICE + deployment("web") + SERVICE + deployment("worker") + SERVICE);
    assert.equal(result.status, 0);
    assert.equal(result.stdout.split(SERVICE).length, 4);
  });

  it("gives the same twice", () => {
    const stream = deployment("web") + SERVICE + deployment("worker");
    assert.equal(render(stream).stdout, render(stream).stdout);
  });

  const statefulSet = "---\nkind: StatefulSet\nmetadata:\n  name: langfuse-clickhouse\n";
  const refusals: Record<string, [string, string]> = {
    "no worker": [deployment("web"), "the chart rendered no Deployment for worker"],
    "nothing at all": ["", "the chart rendered no Deployment for web"],
    "a web Deployment twice": [
      deployment("web") + deployment("web") + deployment("worker"),
      "the chart rendered two Deployments for web",
    ],
    "a workload of another kind": [
      deployment("web") + deployment("worker") + statefulSet,
      "the chart rendered a workload that the platform does not know: StatefulSet langfuse-clickhouse",
    ],
    "a document that is no object": [
      `${deployment("web")}---\n- a\n`,
      "the chart rendered a document that is no Kubernetes object: ---\n- a",
    ],
    "an unknown parameter": [
      deployment("web", { "llm-platform/grace": "1" }),
      "Deployment langfuse-web: unknown parameter llm-platform/grace",
    ],
    "an unusable value": [
      deployment("web", { "llm-platform/replicas": "many" }),
      'Deployment langfuse-web: llm-platform/replicas has the unusable value "many"',
    ],
    "another version of itself": [
      deployment("web", { "llm-platform/post-renderer-sha256": "0".repeat(64) }),
      `Deployment langfuse-web: the program expects another version of this post-renderer (${"0".repeat(64)}, this is ${POST_RENDERER_SHA256})`,
    ],
    "a missing parameter": [
      deployment("web").replace(/.*startup-path.*\n/, ""),
      "Deployment langfuse-web: the annotation llm-platform/startup-path is missing",
    ],
    "a renamed container": [
      deployment("web").replace("- name: langfuse-web", "- name: app"),
      "Deployment langfuse-web: has no container langfuse-web",
    ],
    "a renamed port": [
      deployment("web").replace("- name: http", "- name: api"),
      "Deployment langfuse-web: has no port named http",
    ],
    "a chart that learned the grace period": [
      deployment("web", {}, "      terminationGracePeriodSeconds: 30\n"),
      "Deployment langfuse-web: the chart now sets terminationGracePeriodSeconds itself",
    ],
    "a chart that learned the startup probe": [
      deployment("web", {}, "", "          startupProbe: {}\n"),
      "Deployment langfuse-web: the chart now sets startupProbe itself",
    ],
    "a chart that learned the worker's readiness": [
      deployment("worker", { "llm-platform/readiness-path": "/api/ready" }, "", "          readinessProbe: {}\n"),
      "Deployment langfuse-worker: the chart now sets readinessProbe itself",
    ],
  };
  for (const [what, [stream, message]] of Object.entries(refusals)) {
    it(`refuses ${what}`, () => {
      const result = render(stream);
      assert.equal(result.status, 1);
      assert.equal(result.stdout, "");
      assert.equal(result.stderr, `langfuse post-renderer: ${message}\n`);
    });
  }

  it("refuses invalid YAML", () => {
    const result = render("---\nkind: [\n");
    assert.equal(result.status, 1);
    assert.match(result.stderr, /^langfuse post-renderer: the chart rendered invalid YAML: /);
  });
});
