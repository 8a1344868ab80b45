import type { ModelStickiness } from "../../../../components/llm/model-gateway-args";
import { albRefusals, mostAlbServers } from "../../../../components/llm/model-gateway-checks";
import { RESERVED_SERVER_NAMES } from "../../../../components/llm/model-gateway-names";
import { rule, when } from "../rule";

const controller = rule(["llm", "ingress"], ({ llm, ingress }) =>
  when(llm.enabled && ingress.controller !== "traefik" && ingress.controller !== "alb", {
    path: "ingress.controller",
    rule: "must be traefik or alb with llm.enabled: the others count requests in each of their pods, and have no limit for all of them together",
    got: ingress.controller,
    fix: "Choose traefik, which serves Langfuse's Ingress as well, or alb.",
  }),
);

const alb = rule(["llm", "ingress"], ({ llm, ingress }) => {
  if (!llm.enabled || ingress.controller !== "alb") return [];
  const { gateway, models } = llm;
  const servers = Object.keys(models).length;
  const refusals = albRefusals({
    ...gateway,
    stickiness: gateway.stickiness as ModelStickiness,
    servers,
    router: gateway.router.enabled,
  });
  return refusals.map((problem) =>
    problem.path === "routes"
      ? {
          ...problem,
          path: "llm.models",
          rule: `must name at most ${mostAlbServers(gateway.router.enabled)} servers with the alb controller: each path of a server is one of the load balancer's 100 rules`,
        }
      : { ...problem, path: `llm.gateway.${problem.path}` },
  );
});

const origins = rule(["llm"], ({ llm }) =>
  when(llm.gateway.corsOrigins.includes("*") && llm.gateway.corsOrigins.length > 1, {
    path: "llm.gateway.corsOrigins",
    rule: "names * beside others, which it already covers",
    got: llm.gateway.corsOrigins,
    fix: "Keep either * or the others.",
  }),
);

const counter = rule(["llm", "ingress", "redis", "cluster"], ({ llm, ingress, redis, cluster }) => {
  const { redisSecretName } = llm.gateway;
  const used = llm.enabled && ingress.controller === "traefik" && redis.existing !== undefined;
  // With an existing cluster there are no models, which another rule says.
  return [
    ...when(used && cluster.existing === undefined && redisSecretName === undefined, {
      path: "llm.gateway.redisSecretName",
      rule: "is required with redis.existing: Traefik counts requests in that server, and reads its login from a Secret beside the models",
      fix: "Make a Secret with the entries username and password in namespace models, and name it.",
    }),
    ...when(!used && redisSecretName !== undefined, {
      path: "llm.gateway.redisSecretName",
      rule: "serves nothing unless models are enabled, Traefik counts requests and Redis is an existing one (redis.existing)",
      got: redisSecretName,
      fix: "Remove it.",
    }),
  ];
});

const names = rule(["llm"], ({ llm }) =>
  Object.keys(llm.models).flatMap((server) =>
    when(RESERVED_SERVER_NAMES.includes(server), {
      path: `llm.models.${server}`,
      rule: "must have another name: objects or paths of the gateway have this one",
      fix: "Rename the server.",
    }),
  ),
);

const router = rule(["llm"], ({ llm }) => {
  const { enabled, servers, routing, sessionHeader } = llm.gateway.router;
  return [
    ...(servers ?? []).flatMap((server, index) =>
      when(!(server in llm.models), {
        path: `llm.gateway.router.servers[${index}]`,
        rule: "must be one of llm.models",
        got: server,
        fix: "Correct the name, or take it out.",
      }),
    ),
    ...(enabled ? (servers ?? Object.keys(llm.models)) : []).flatMap((server) =>
      when(llm.models[server]?.delivery.canary !== undefined || llm.models[server]?.delivery.blueGreen !== undefined, {
        path: "llm.gateway.router.servers",
        rule: "must leave out servers with delivery.canary or delivery.blueGreen: the router chooses among pods, and would send to the version that is tried out or switched off",
        got: server,
        fix: "List the other servers.",
      }),
    ),
    ...when(servers !== undefined && servers.length === 0, {
      path: "llm.gateway.router.servers",
      rule: "must name at least one server",
      got: "none",
      fix: "Leave it out for all of them.",
    }),
    ...when(!enabled && (servers !== undefined || sessionHeader !== undefined), {
      path: "llm.gateway.router.enabled",
      rule: "must be true for the router's other settings to mean anything",
      got: false,
      fix: "Set it to true, or remove the others.",
    }),
    ...when(enabled && sessionHeader !== undefined && routing !== "session", {
      path: "llm.gateway.router.sessionHeader",
      rule: "means nothing without routing session",
      got: sessionHeader,
      fix: "Remove it, or choose session.",
    }),
  ];
});

const members = rule(["llm", "aws", "cluster"], ({ llm, aws, cluster }) => {
  const { admins = [], viewers = [] } = cluster.create ?? {};
  const lists = { readers: llm.access.readers, operators: llm.access.operators };
  return Object.entries(lists).flatMap(([list, arns]) =>
    arns.flatMap((arn, index) => {
      const path = `llm.access.${list}[${index}]`;
      return [
        ...when(arn.split(":")[4] !== aws.accountId, {
          path,
          rule: `must belong to account ${aws.accountId} (aws.accountId)`,
          got: arn,
          fix: "Correct the account in the ARN.",
        }),
        ...when([...admins, ...viewers, aws.assumeRoleArn].includes(arn), {
          path,
          rule: "must not have access to the cluster already, as admin, viewer or the role that deploys: EKS takes one entry for each principal",
          got: arn,
          fix: "Take it out of one of the lists.",
        }),
        ...when(list === "operators" && lists.readers.includes(arn), {
          path,
          rule: "must not be among the readers too: EKS takes one entry for each principal, and operators may look as well",
          got: arn,
          fix: "Take it out of readers.",
        }),
      ];
    }),
  );
});

const keys = rule(["llm", "secrets"], ({ llm, secrets }) => [
  ...when(secrets.modelApiKey !== undefined && !llm.enabled, {
    path: "secrets.modelApiKey",
    rule: "serves nothing unless llm.enabled is true",
    fix: "Enable models, or remove the secret.",
  }),
  ...when(secrets.modelApiKey !== undefined && llm.access.keyRevision > 0, {
    path: "llm.access.keyRevision",
    rule: "means nothing with a key of your own (secrets.modelApiKey)",
    got: llm.access.keyRevision,
    fix: "Change the secret instead, and leave keyRevision at 0.",
  }),
]);

const served = rule(["llm"], ({ llm }) => {
  if (!llm.enabled || !llm.gateway.router.enabled) return [];
  const routed = llm.gateway.router.servers ?? Object.keys(llm.models);
  const owners = new Map<string, string>();
  return routed.flatMap((server) => {
    const model = llm.models[server];
    if (model === undefined) return [];
    const own = [model.model.servedName ?? server, ...model.loraAdapters.map(({ name }) => name)];
    return own.flatMap((name) => {
      const first = owners.get(name);
      if (first === undefined) owners.set(name, server);
      return when(first !== undefined && first !== server, {
        path: `llm.models.${server}.model.servedName`,
        rule: `serves a name that ${first} serves too, and the router chooses by nothing else`,
        got: name,
        fix: "Give one of them another name, or list the servers in llm.gateway.router.servers.",
      });
    });
  });
});

export const GATEWAY_RULES = [controller, alb, origins, counter, names, router, members, keys, served];
