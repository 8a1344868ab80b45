import { rule, when } from "../rule";

const host = rule(["llm"], ({ llm }) =>
  when(llm.enabled && llm.host === undefined, {
    path: "llm.host",
    rule: "is required when llm.enabled is true: callers reach the models by it",
    fix: "Add a name in your zone, such as api.example.com.",
  }),
);

const ownHost = rule(["llm", "langfuse"], ({ llm, langfuse }) =>
  when(llm.enabled && llm.host === langfuse.host, {
    path: "llm.host",
    rule: "must be another name than langfuse.host, whose paths all belong to Langfuse",
    got: llm.host,
    fix: "Take another name of the same zone, such as api.example.com.",
  }),
);

const zone = rule(["llm", "dns"], ({ llm, dns }) =>
  when(
    llm.enabled &&
      llm.host !== undefined &&
      dns !== undefined &&
      llm.host !== dns.domain &&
      !llm.host.endsWith(`.${dns.domain}`),
    {
      path: "llm.host",
      rule: `must be a name inside the zone's domain ${dns?.domain} (dns.domain)`,
      got: llm.host,
      fix: `Write it like api.${dns?.domain}, or correct dns.domain.`,
    },
  ),
);

const cluster = rule(["llm", "cluster"], ({ llm, cluster }) =>
  when(llm.enabled && cluster.existing !== undefined, {
    path: "llm.enabled",
    rule: "must be false with an existing cluster, which has neither GPU pools nor AWS identities of ours",
    got: true,
    fix: "Set it to false, and use the components ModelServer and ModelGateway in a program of your own.",
  }),
);

const models = rule(["llm"], ({ llm }) =>
  when(llm.enabled && Object.keys(llm.models).length === 0, {
    path: "llm.models",
    rule: "must name at least one model server when llm.enabled is true",
    got: "none",
    fix: "Add a server, or set llm.enabled to false.",
  }),
);

export const SECTION_RULES = [host, ownHost, zone, cluster, models];
