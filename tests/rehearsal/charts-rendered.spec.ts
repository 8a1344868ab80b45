import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubernetesObject } from "../../rehearsal/api/objects";
import { createChartInstaller } from "../../rehearsal/charts/charts";
import { inInstallOrder } from "../../rehearsal/charts/install-order";
import { objectsIn, sorted } from "../../rehearsal/charts/manifests";
import { revealed } from "../support/graph";
import { stackOf } from "../support/stacks";

const PROJECT = join(__dirname, "../..");
const REQUEST = { name: "app", namespace: "team", chart: "./charts/app-1.0.0.tgz", version: "1.0.0", values: {} };

function object(kind: string, name: string, annotations?: Record<string, string>): KubernetesObject {
  return { apiVersion: "v1", kind, metadata: { name, ...(annotations === undefined ? {} : { annotations }) } };
}

function names(objects: readonly KubernetesObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace ?? "-"}/${metadata.name}`);
}

describe("rendered charts", () => {
  it("are sorted into what is applied, what is recorded, and definitions; hooks are dropped", () => {
    const rendered = [
      object("Deployment", "web"),
      object("Job", "check", { "helm.sh/hook": "post-install" }),
      object("ValidatingWebhookConfiguration", "guard"),
      object("APIService", "v1.metrics"),
      object("CustomResourceDefinition", "things.example.org"),
      object("ServiceAccount", "web"),
    ];
    const { objects, recorded, customResourceDefinitions } = sorted(rendered, [], "team");
    assert.deepEqual(names(objects), ["ServiceAccount team/web", "Deployment team/web"]);
    assert.deepEqual(names(recorded), ["ValidatingWebhookConfiguration -/guard", "APIService -/v1.metrics"]);
    assert.deepEqual(names(customResourceDefinitions), ["CustomResourceDefinition -/things.example.org"]);
  });

  it("are applied in Helm's order, kinds that it does not know last", () => {
    const objects = ["Thing", "Deployment", "Secret", "Service", "PodDisruptionBudget"].map((kind) =>
      object(kind, "a"),
    );
    assert.deepEqual(
      inInstallOrder(objects).map(({ kind }) => kind),
      ["PodDisruptionBudget", "Secret", "Service", "Deployment", "Thing"],
    );
  });

  it("name the source of a document that is no object", () => {
    assert.throws(() => objectsIn("---\nhello\n", "Chart app"), {
      message: 'Chart app contains a document that is no Kubernetes object: "hello"',
    });
  });

  it("come from helm when they are files, with the post-renderer's absolute path", async () => {
    const folder = mkdtempSync(join(tmpdir(), "charts-"));
    try {
      const helm = join(folder, "helm");
      // Says what it was called with, as an object.
      writeFileSync(
        helm,
        '#!/bin/sh\n[ "$1" = show ] || printf "apiVersion: v1\\nkind: ConfigMap\\nmetadata: {name: called}\\ndata: {all: \\"%s\\"}\\n" "$*"\n',
      );
      chmodSync(helm, 0o755);
      const installer = createChartInstaller({ projectFolder: folder, helm, kubeVersion: "1.35.4" });
      const { objects, rendered } = await installer.objectsOf({ ...REQUEST, postrender: "./post.js" });
      assert.equal(rendered, true);
      const call = String(objects[0]?.data.all);
      assert.match(call, /^template app \S+\/charts\/app-1\.0\.0\.tgz --namespace team --kube-version 1\.35\.4 /);
      assert.ok(call.endsWith(`--post-renderer ${join(folder, "post.js")}`), call);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

describe("post-rendered stand-ins", () => {
  const installer = createChartInstaller({ projectFolder: PROJECT, helm: undefined, kubeVersion: "1.35.4" });

  async function release() {
    const { inputs } = (await stackOf("prod")).graph.one("kubernetes:helm.sh/v3:Release", "langfuse-release");
    return revealed(inputs) as Parameters<typeof installer.objectsOf>[0];
  }

  it("pass through the program's own post-renderer: no replicas under an autoscaler, time to stop", async () => {
    const { objects, rendered } = await installer.objectsOf(await release());
    assert.equal(rendered, false);
    const deployments = objects.filter(({ kind }) => kind === "Deployment");
    assert.deepEqual(
      deployments.map(({ metadata, spec }) => [
        metadata.name,
        spec.replicas,
        spec.template.spec.terminationGracePeriodSeconds,
      ]),
      [
        ["langfuse-web", undefined, 140],
        ["langfuse-worker", undefined, 300],
      ],
    );
  });

  it("fail with the post-renderer's own words", async () => {
    const request = await release();
    const langfuse = { ...(request.values.langfuse as object), web: {} };
    await assert.rejects(
      installer.objectsOf({ ...request, values: { ...request.values, langfuse } }),
      /Deployment langfuse-web: .* is missing/,
    );
  });
});
