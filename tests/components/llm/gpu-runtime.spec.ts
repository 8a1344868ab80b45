import assert from "node:assert/strict";
import * as random from "@pulumi/random";
import { ready } from "../../../components/internal/gates";
import { GpuRuntime, type GpuRuntimeArgs } from "../../../components/llm/gpu-runtime";
import {
  dcgmExporterValues,
  efaDevicePluginValues,
  nvidiaDevicePluginValues,
} from "../../../components/llm/gpu-runtime-values";
import { standInObjects } from "../../../rehearsal/charts/stand-in-charts";
import { failureOf, graphOf, revealed, secretPaths, unknownPaths } from "../../support/graph";
import { explicitProviders } from "../../support/providers";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const MIRRORS = { charts: "./charts", images: "mirror.example.com/pull" };
const runtime = (args: Partial<GpuRuntimeArgs> = {}) =>
  graphOf(() => new GpuRuntime("gpus", { namespace: "gpu-runtime", ...args }, explicitProviders()));

describe("GpuRuntime", () => {
  it("installs device plugin and exporter, pinned; that of EFA on request", async () => {
    const graph = await runtime();
    assert.deepEqual(
      graph
        .ofType(RELEASE)
        .map(({ name, inputs }) => [name, inputs.name, inputs.chart, inputs.version])
        .sort((one, other) => String(one).localeCompare(String(other))),
      [
        ["gpus-device-plugin", "nvidia-device-plugin", "nvidia-device-plugin", "0.20.0"],
        ["gpus-exporter", "dcgm-exporter", "dcgm-exporter", "4.8.2"],
      ],
    );
    const withEfa = await runtime({ efa: true });
    const { inputs } = withEfa.one(RELEASE, "gpus-efa");
    assert.deepEqual([inputs.chart, inputs.version], ["aws-efa-k8s-device-plugin", "v0.5.30"]);
    for (const release of withEfa.ofType(RELEASE)) {
      assert.equal(release.inputs.namespace, "gpu-runtime");
      assert.equal(release.inputs.waitForJobs, true);
      assert.deepEqual(secretPaths(release), []);
    }
    assert.deepEqual(graph.component("GpuRuntime").outputs, { ready: "ready" });
  });

  it("runs where a pool's label says, since nobody installs node feature discovery (L08, trap 1 of 3.5)", () => {
    const { nodeSelector, gfd, nfd } = nvidiaDevicePluginValues({});
    assert.deepEqual(nodeSelector, { "nvidia.com/gpu.present": "true" });
    assert.deepEqual([gfd.enabled, nfd.enabled], [false, false]);
    assert.deepEqual(dcgmExporterValues({}).nodeSelector, { "nvidia.com/gpu.present": "true" });
    assert.deepEqual(efaDevicePluginValues({}).nodeSelector, { "vpc.amazonaws.com/efa.present": "true" });
  });

  it("tolerates whatever keeps others away from GPU nodes (L07)", () => {
    for (const { tolerations } of [nvidiaDevicePluginValues({}), dcgmExporterValues({}), efaDevicePluginValues({})]) {
      assert.deepEqual(tolerations, [{ operator: "Exists" }]);
    }
  });

  it("fails on a node that has the label and no GPU, and gives the plugin no capability", () => {
    const values = nvidiaDevicePluginValues({});
    assert.equal(values.failOnInitError, true);
    assert.equal(
      values.migStrategy,
      "none",
      "left out, the chart grants SYS_ADMIN as soon as there are configurations",
    );
    assert.ok(!("config" in values));
  });

  it("gives nodes that share their GPUs a configuration by name, and the others one that shares nothing", () => {
    const values = nvidiaDevicePluginValues({
      sharing: [{ timeSlicing: { replicas: 4 } }, { timeSlicing: { replicas: 4 } }, { mps: { replicas: 2 } }],
    });
    assert.deepEqual(Object.keys(values.config?.map ?? {}), ["default", "time-slicing-4", "mps-2"]);
    assert.equal(values.config?.map.default, '{"version":"v1"}');
    assert.equal(values.config?.default, "default");
    assert.equal(values.migStrategy, "none");
  });

  it("leaves the strategy to the configuration where GPUs are cut: a variable would beat it", () => {
    const values = nvidiaDevicePluginValues({ sharing: [{ mig: { profile: "1g.10gb", partitions: 7 } }] });
    assert.ok(!("migStrategy" in values));
    assert.equal(values.config?.map["mig-single"], '{"flags":{"migStrategy":"single"},"version":"v1"}');
  });

  it("gives the exporter memory for eight GPUs, and a monitor only where that is a known kind (3.6)", () => {
    const { resources, serviceMonitor } = dcgmExporterValues({});
    assert.equal(resources.limits.memory, "1Gi");
    assert.equal(serviceMonitor.enabled, false);
    assert.equal(serviceMonitor.honorLabels, false, "rules read exported_namespace and exported_pod");
    const own = { requests: { cpu: "1" }, limits: { memory: "2Gi" } };
    const set = dcgmExporterValues({ serviceMonitors: true, exporterResources: own });
    assert.deepEqual([set.serviceMonitor.enabled, set.resources], [true, own]);
  });

  it("takes charts and every image from mirrors", async () => {
    const graph = await runtime({ efa: true, mirrors: MIRRORS, sharing: [{ mps: { replicas: 2 } }] });
    const images = graph.ofType(RELEASE).flatMap(({ inputs }) => {
      const { name, namespace, chart, version, values } = revealed(inputs) as Parameters<typeof standInObjects>[0];
      assert.match(chart, /^\.\/charts\/.*\.tgz$/);
      return standInObjects({ name, namespace, chart, version, values }).objects.flatMap(({ spec }) =>
        ((spec?.template?.spec.containers ?? []) as { image: string }[]).map(({ image }) => image),
      );
    });
    assert.equal(images.length, 5);
    for (const image of images) assert.match(image, /^mirror\.example\.com\/pull\/[^@]+:[^:]+$/);
  });

  it("refuses sharing that says nothing", async () => {
    assert.equal(
      await failureOf(() => new GpuRuntime("gpus", { namespace: "gpu-runtime", sharing: [{}] })),
      'GpuRuntime "gpus" cannot be built from these arguments:\n  sharing[0]: exactly one of timeSlicing, mps, mig must be given (got none). Add timeSlicing, mps or mig.',
    );
  });

  it("waits for policies, the exporter for its kind as well; pods wait for the device plugins alone", async () => {
    const graph = await graphOf(() => {
      const gate = (name: string) => ready([new random.RandomId(name, { byteLength: 2 })]);
      const made = new GpuRuntime(
        "gpus",
        {
          namespace: "gpu-runtime",
          efa: true,
          serviceMonitors: true,
          monitorsReady: gate("monitors"),
          policiesReady: gate("policies"),
        },
        explicitProviders(),
      );
      new random.RandomId("server", { byteLength: 2, keepers: { gpus: made.ready } });
    });
    const id = (name: string) => graph.one("random:index/randomId:RandomId", name);
    const release = (name: string) => graph.one(RELEASE, `gpus-${name}`);
    for (const each of graph.ofType(RELEASE)) assert.ok(graph.waitsFor(each, id("policies")), each.name);
    assert.ok(graph.waitsFor(release("exporter"), id("monitors")));
    assert.ok(!graph.waitsFor(release("device-plugin"), id("monitors")));
    assert.ok(graph.waitsFor(id("server"), release("device-plugin")) && graph.waitsFor(id("server"), release("efa")));
    assert.ok(!graph.waitsFor(id("server"), release("exporter")), "metrics hold up nobody");
    for (const each of graph.ofType(RELEASE)) assert.match(each.provider, /::kubernetes::/);
  });

  it("plans with nothing known, twice in one stack", async () => {
    const graph = await graphOf(
      () => {
        const options = explicitProviders();
        new GpuRuntime("one", { namespace: "one" }, options);
        new GpuRuntime("two", { namespace: "two" }, options);
      },
      { outputs: "unknown" },
    );
    assert.equal(graph.ofType(RELEASE).length, 4);
    for (const release of graph.ofType(RELEASE)) assert.deepEqual(unknownPaths(release), []);
  });
});

describe("stand-ins for the charts of GPUs", () => {
  const objectsOf = (name: string, values: Record<string, unknown>) =>
    standInObjects({ name, namespace: "gpu-runtime", chart: name, version: "0.20.0", values }).objects;
  const daemonSet = (objects: ReturnType<typeof objectsOf>, name: string) =>
    objects.find(({ kind, metadata }) => kind === "DaemonSet" && metadata.name === name) ?? assert.fail(`no ${name}`);

  it("have the names of the real ones", () => {
    const sharing = [{ mps: { replicas: 2 } }];
    const plugin = objectsOf("nvidia-device-plugin", nvidiaDevicePluginValues({ sharing }));
    daemonSet(plugin, "nvidia-device-plugin");
    const { spec } = daemonSet(plugin, "nvidia-device-plugin-mps-control-daemon").spec.template;
    assert.deepEqual(spec.nodeSelector, { "nvidia.com/mps.capable": "true", "nvidia.com/gpu.present": "true" });
    // The chart's own affinity; one of its terms is our label.
    const { nodeSelectorTerms } = spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
    assert.ok(JSON.stringify(nodeSelectorTerms).includes('"nvidia.com/gpu.present"'));
    assert.equal(spec.hostPID, true);
    assert.ok(plugin.some(({ metadata }) => metadata.name === "nvidia-device-plugin-configs"));
    const exporter = objectsOf("dcgm-exporter", dcgmExporterValues({ serviceMonitors: true }));
    assert.deepEqual(
      exporter.map(({ kind }) => kind),
      ["ServiceAccount", "ConfigMap", "Service", "DaemonSet", "ServiceMonitor"],
    );
    daemonSet(objectsOf("aws-efa-k8s-device-plugin", efaDevicePluginValues({})), "aws-efa-k8s-device-plugin");
  });

  it("grant what the charts grant: a capability only where GPUs are cut", () => {
    const context = (sharing: Parameters<typeof nvidiaDevicePluginValues>[0]["sharing"]) =>
      daemonSet(objectsOf("nvidia-device-plugin", nvidiaDevicePluginValues({ sharing })), "nvidia-device-plugin").spec
        .template.spec.containers[0].securityContext.capabilities;
    assert.deepEqual(context([]), { drop: ["ALL"] });
    assert.deepEqual(context([{ mps: { replicas: 2 } }]), { drop: ["ALL"] });
    assert.deepEqual(context([{ mig: { profile: "1g.10gb", partitions: 7 } }]), { add: ["SYS_ADMIN"] });
  });
});
