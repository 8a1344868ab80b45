import type { Flow } from "../components";
import { anywhere, pods } from "./flow-peers";
import { TESTER_PODS } from "./llm/flow-table";

const FLAGGER_FLOWS: Flow[] = [
  { name: "flagger-prometheus", from: pods("flagger"), to: pods("monitoring"), ports: [{ port: 9090 }] },
  // Before and while it sends traffic, the controller has the load tester send some.
  { name: "flagger-load-tester", from: pods("flagger"), to: pods("models", TESTER_PODS), ports: [{ port: 8080 }] },
  // Whoever is told of canaries: a chat, a pager.
  { name: "flagger-alerts", from: pods("flagger"), to: anywhere, ports: [{ port: 443 }] },
  { name: "monitoring-flagger", from: pods("monitoring"), to: pods("flagger"), ports: [{ port: 8080 }] },
];

const ROLLOUTS_FLOWS: Flow[] = [
  { name: "rollouts-prometheus", from: pods("argoRollouts"), to: pods("monitoring"), ports: [{ port: 9090 }] },
  { name: "monitoring-rollouts", from: pods("monitoring"), to: pods("argoRollouts"), ports: [{ port: 8090 }] },
];

const ARGO_CD_FLOWS: Flow[] = [
  // Its repository server, its cache, its own API and, where people sign in by it, Dex.
  {
    name: "argocd-internal",
    from: pods("argoCd"),
    to: pods("argoCd"),
    ports: [6379, 8080, 8081, 5556, 5557].map((port) => ({ port })),
  },
  // Repositories, by HTTPS and by SSH.
  { name: "argocd-repositories", from: pods("argoCd"), to: anywhere, ports: [{ port: 443 }, { port: 22 }] },
  {
    name: "monitoring-argocd",
    from: pods("monitoring"),
    to: pods("argoCd"),
    ports: [8080, 8082, 8083, 8084].map((port) => ({ port })),
  },
];

/** Who talks to whom where new versions are delivered; rows of namespaces that a stack lacks are none of its. */
export const DELIVERY_FLOWS: readonly Flow[] = [...FLAGGER_FLOWS, ...ROLLOUTS_FLOWS, ...ARGO_CD_FLOWS];
