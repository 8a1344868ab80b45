import { createHash } from "node:crypto";
import { InstallError } from "./install-error";

/** A Go module of `rehearsal/tools`, which pins tools and everything that they are made of. */
export interface ToolModule {
  /** Its folder below `rehearsal/tools`. */
  readonly name: "engine" | "cluster" | "nodes" | "metrics";
  /** What is told to those who wait. */
  readonly title: string;
  /** How long a build takes on two cores when nothing of it was built before. */
  readonly minutes: number;
  readonly programs: readonly Program[];
}

/** One program of a module. */
export interface Program {
  /** Of the binary. */
  readonly name: string;
  /** Go package, or a file of Go's own sources below `GOROOT`. */
  readonly source: string;
  /** Values that are written into the program, by their names in Go, e.g. its version. */
  readonly values?: readonly ProgramValue[];
}

interface ProgramValue {
  readonly variable: string;
  /** Module whose pinned version it is taken from. */
  readonly module: string;
  /** The whole `v1.35.4`, or a part of it. */
  readonly part: "version" | "major" | "minor";
}

const KUBERNETES = "k8s.io/kubernetes";
const HELM = "helm.sh/helm/v3";

// A Kubernetes program that does not know its version calls itself 0.0, and helm then refuses charts that ask for more.
const KUBERNETES_VERSION: readonly ProgramValue[] = [
  { variable: "k8s.io/component-base/version.gitVersion", module: KUBERNETES, part: "version" },
  { variable: "k8s.io/component-base/version.gitMajor", module: KUBERNETES, part: "major" },
  { variable: "k8s.io/component-base/version.gitMinor", module: KUBERNETES, part: "minor" },
];

function kubernetes(name: string): Program {
  return { name, source: `${KUBERNETES}/cmd/${name}`, values: KUBERNETES_VERSION };
}

/** Every module, by name. */
export const TOOL_MODULES: Readonly<Record<ToolModule["name"], ToolModule>> = {
  engine: {
    name: "engine",
    title: "the Pulumi CLI",
    minutes: 4,
    programs: [
      {
        name: "pulumi",
        source: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
        values: [
          {
            variable: "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version",
            module: "github.com/pulumi/pulumi/pkg/v3",
            part: "version",
          },
        ],
      },
    ],
  },
  cluster: {
    name: "cluster",
    title: "a Kubernetes control plane",
    minutes: 6,
    programs: [
      kubernetes("kube-apiserver"),
      kubernetes("kube-controller-manager"),
      kubernetes("kube-scheduler"),
      kubernetes("kubectl"),
      {
        name: "helm",
        source: `${HELM}/cmd/helm`,
        values: [
          { variable: `${HELM}/internal/version.version`, module: HELM, part: "version" },
          { variable: `${HELM}/pkg/chartutil.k8sVersionMajor`, module: KUBERNETES, part: "major" },
          { variable: `${HELM}/pkg/chartutil.k8sVersionMinor`, module: KUBERNETES, part: "minor" },
        ],
      },
      { name: "etcd", source: "go.etcd.io/etcd/server/v3" },
      // Node cannot issue certificates; Go brings a program that does.
      { name: "generate-certificate", source: "src/crypto/tls/generate_cert.go" },
    ],
  },
  nodes: {
    name: "nodes",
    title: "kwok, which plays nodes",
    minutes: 2,
    programs: [
      {
        name: "kwok",
        source: "sigs.k8s.io/kwok/cmd/kwok",
        values: [{ variable: "sigs.k8s.io/kwok/pkg/consts.Version", module: "sigs.k8s.io/kwok", part: "version" }],
      },
    ],
  },
  metrics: {
    name: "metrics",
    title: "promtool, which tries queries and alerts",
    minutes: 4,
    // Of the release that the platform runs, so that both read the same language: its 3.14 is the module's 0.314.
    programs: [{ name: "promtool", source: "github.com/prometheus/prometheus/cmd/promtool" }],
  },
};

/** Flags of the linker: no symbols for debuggers, and the values that the program states about itself. */
export function linkerFlags({ values = [] }: Program, goMod: string): string {
  return ["-s", "-w", ...values.map((value) => `-X ${value.variable}=${valueIn(goMod, value)}`)].join(" ");
}

function valueIn(goMod: string, { module, part }: ProgramValue): string {
  const version = requiredVersion(goMod, module);
  if (part === "version") return version;
  const [major, minor] = version.slice(1).split(".");
  return String(part === "major" ? major : minor);
}

/** The version of a module that a go.mod requires, e.g. `v1.35.4`. */
export function requiredVersion(goMod: string, module: string): string {
  for (const line of goMod.split("\n")) {
    const [name, version] = line.trim().split(/\s+/);
    if (name === module && version?.startsWith("v")) return version;
  }
  throw new InstallError(`go.mod does not require ${module}; run 'go mod tidy' in its folder below rehearsal/tools.`);
}

/** Changes whenever other binaries would come out. */
export function cacheKey(sources: { goMod: string; goSum: string; goVersion: string; linkerFlags: string[] }): string {
  const { goMod, goSum, goVersion, linkerFlags: flags } = sources;
  const hash = createHash("sha256").update(JSON.stringify([goMod, goSum, goVersion, flags]));
  return hash.digest("hex").slice(0, 16);
}
