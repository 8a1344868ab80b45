import assert from "node:assert/strict";
import { type PodSpec, restrictedViolations } from "../../rehearsal/checks/pod-security";

describe("restrictedViolations", () => {
  const good: PodSpec = {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      { name: "main", securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } } },
    ],
    volumes: [{ name: "scratch", emptyDir: {} }],
  };
  const container = {
    name: "main",
    securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
  };

  it("accepts what the standard asks for", () => {
    assert.deepEqual(restrictedViolations(good), []);
  });

  const cases: [string, PodSpec, string][] = [
    ["host network", { ...good, hostNetwork: true }, "hostNetwork is on"],
    ["host paths", { ...good, volumes: [{ name: "v", hostPath: {} }] }, "volume v is a hostPath"],
    ["root", { ...good, securityContext: { ...good.securityContext, runAsUser: 0 } }, "pod: runAsUser is 0"],
    [
      "unsafe sysctls",
      { ...good, securityContext: { ...good.securityContext, sysctls: [{ name: "kernel.msgmax" }] } },
      "sysctl kernel.msgmax",
    ],
    [
      "no pod-wide user rule",
      { ...good, securityContext: { seccompProfile: { type: "Localhost" } } },
      "container main: runAsNonRoot is not true",
    ],
    [
      "no seccomp profile",
      { ...good, securityContext: { runAsNonRoot: true } },
      "container main: has no seccomp profile",
    ],
    [
      "an unconfined pod",
      { ...good, securityContext: { runAsNonRoot: true, seccompProfile: { type: "Unconfined" } } },
      "pod: seccomp is Unconfined",
    ],
    [
      "escalation by default",
      { ...good, containers: [{ name: "main", securityContext: { capabilities: { drop: ["ALL"] } } }] },
      "container main: allowPrivilegeEscalation is not false",
    ],
    [
      "kept capabilities",
      { ...good, containers: [{ name: "main", securityContext: { allowPrivilegeEscalation: false } }] },
      "container main: does not drop ALL capabilities",
    ],
    [
      "added capabilities",
      {
        ...good,
        containers: [
          {
            ...container,
            securityContext: {
              ...container.securityContext,
              capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "NET_BIND_SERVICE"] },
            },
          },
        ],
      },
      "container main: adds NET_ADMIN",
    ],
    [
      "loose init containers",
      {
        ...good,
        initContainers: [{ name: "init", securityContext: { ...container.securityContext, privileged: true } }],
      },
      "container init: is privileged",
    ],
    [
      "host ports",
      { ...good, containers: [{ ...container, ports: [{ hostPort: 80 }] }] },
      "container main: has a host port",
    ],
    [
      "probes of other hosts",
      { ...good, containers: [{ ...container, livenessProbe: { httpGet: { host: "10.0.0.1" } } }] },
      "container main: probes another host",
    ],
  ];
  for (const [what, spec, problem] of cases) {
    it(`refuses ${what}`, () => assert.deepEqual(restrictedViolations(spec), [problem]));
  }
});
