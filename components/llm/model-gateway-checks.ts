import { MAX_CLIENT_CIDRS } from "../internal/cidr";
import { HOST_NAME } from "../internal/names";
import { type Problem, Problems } from "../internal/problems";
import { MODEL_GATEWAY_DEFAULTS, type ModelGatewayArgs, ModelStickiness } from "./model-gateway-args";
import { idleSecondsFor } from "./model-gateway-limits";
import { MODEL_PATHS, RESERVED_SERVER_NAMES, ROUTER_PATHS } from "./model-gateway-names";

/** Rules of a listener of an Application Load Balancer, as long as AWS has not raised the account's quota. */
const ALB_RULES = 100;

/** Most model servers behind one Application Load Balancer: each path is a rule, and the load balancer's others need some. */
export function mostAlbServers(router: boolean): number {
  const others = 4 + (router ? ROUTER_PATHS.length : 0);
  return Math.floor((ALB_RULES - others) / MODEL_PATHS.length);
}

/** What an Application Load Balancer cannot do of a gateway, by the path of the argument. */
export interface AlbWishes {
  readonly stickiness?: ModelStickiness;
  readonly corsOrigins?: readonly string[];
  readonly requestsPerMinutePerClient?: number;
  readonly servers: number;
  readonly router: boolean;
}

/** What is wrong with these wishes behind an Application Load Balancer. */
export function albRefusals(wishes: AlbWishes): Problem[] {
  const rate = wishes.requestsPerMinutePerClient ?? MODEL_GATEWAY_DEFAULTS.requestsPerMinutePerClient;
  const most = mostAlbServers(wishes.router);
  const problems: [boolean, Problem][] = [
    [
      wishes.stickiness === ModelStickiness.ClientAddress,
      {
        path: "stickiness",
        rule: "must not be clientAddress behind an ALB, which knows cookies alone",
        got: wishes.stickiness,
        fix: "Choose cookie or none, or the controller traefik.",
      },
    ],
    [
      (wishes.corsOrigins ?? []).length > 0,
      {
        path: "corsOrigins",
        rule: "must be empty behind an ALB, which adds headers to answers but does not answer what browsers ask before a call",
        got: wishes.corsOrigins?.join(", "),
        fix: "Leave it out, or choose the controller traefik.",
      },
    ],
    [
      rate < 10,
      {
        path: "requestsPerMinutePerClient",
        rule: "must be at least 10 behind an ALB: AWS WAF takes no lower rate",
        got: rate,
        fix: "Raise it, or choose the controller traefik.",
      },
    ],
    [
      wishes.servers > most,
      {
        path: "routes",
        rule: `must be at most ${most} behind an ALB: each path of a server is one of its ${ALB_RULES} rules`,
        got: wishes.servers,
        fix: "Choose the controller traefik.",
      },
    ],
  ];
  return problems.flatMap(([wrong, problem]) => (wrong ? [problem] : []));
}

/** Throws an error that names everything wrong with the arguments. */
export function checkModelGatewayArgs(name: string, args: ModelGatewayArgs): void {
  const problems = new Problems();
  problems.exactlyOne("controller", { traefik: args.traefik, alb: args.alb });
  problems.check(HOST_NAME.test(args.host), {
    path: "host",
    rule: "must be a lower-case host name",
    got: args.host,
    fix: "Write it like api.example.com, without scheme or port.",
  });
  checkRoutes(problems, args);
  const whole = (key: string, value: number | undefined, least: number, most: number) =>
    problems.check(value === undefined || (Number.isInteger(value) && value >= least && value <= most), {
      path: key,
      rule: `must be a whole number from ${least} to ${most}`,
      got: value,
      fix: "Leave it out for the default.",
    });
  whole("requestsPerMinutePerClient", args.requestsPerMinutePerClient, 1, 60_000);
  whole("requestTimeoutSeconds", args.requestTimeoutSeconds, 30, 3500);
  whole("drainSeconds", args.drainSeconds, 1, 3600);
  whole("traefik.counter.database", args.traefik?.counter.database, 0, 15);
  checkOrigins(problems, args.corsOrigins ?? []);
  const { login, secretName } = args.traefik?.counter ?? {};
  problems.check(login === undefined || secretName === undefined, {
    path: "traefik.counter",
    rule: "takes a login or the name of a Secret, not both",
    got: secretName,
    fix: "Keep one of login, secretName.",
  });
  if (args.alb) checkAlb(problems, args);
  problems.throwIfAny("ModelGateway", name);
}

function checkRoutes(problems: Problems, { routes, router }: ModelGatewayArgs): void {
  problems.check(routes.length > 0 || router !== undefined, {
    path: "routes",
    rule: "must name a model server, or there must be a router",
    got: "none",
    fix: "Add a route.",
  });
  const names = routes.map(({ server }) => server);
  names.forEach((server, index) => {
    problems.check(/^[a-z]([-a-z0-9]{0,38}[a-z0-9])?$/.test(server) && names.indexOf(server) === index, {
      path: `routes[${index}].server`,
      rule: "must be a DNS label of at most 40 characters that begins with a letter, listed once",
      got: server,
      fix: "Rename the server.",
    });
    problems.check(!RESERVED_SERVER_NAMES.includes(server), {
      path: `routes[${index}].server`,
      rule: "must be another name: objects or paths of the gateway have this one",
      got: server,
      fix: "Rename the server.",
    });
  });
}

function checkOrigins(problems: Problems, origins: readonly string[]): void {
  origins.forEach((origin, index) => {
    problems.check(/^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin) || (origin === "*" && origins.length === 1), {
      path: `corsOrigins[${index}]`,
      rule: "must be an origin (scheme and host, without a path), or * alone",
      got: origin,
      fix: "Write it like https://app.example.com.",
    });
  });
}

function checkAlb(problems: Problems, args: ModelGatewayArgs): void {
  for (const problem of albRefusals({ ...args, servers: args.routes.length, router: args.router !== undefined })) {
    problems.check(false, problem);
  }
  args.routes.forEach(({ weighted }, index) => {
    problems.check(weighted !== true, {
      path: `routes[${index}].weighted`,
      rule: "means nothing to an ALB: a TraefikService is Traefik's",
      got: weighted,
      fix: "Leave it out.",
    });
  });
  const { idleTimeoutSeconds = 0, allowedCidrs = [] } = args.alb?.context ?? {};
  const least = idleSecondsFor(args.requestTimeoutSeconds ?? MODEL_GATEWAY_DEFAULTS.requestTimeoutSeconds);
  problems.check(idleTimeoutSeconds >= least && idleTimeoutSeconds <= 4000, {
    path: "alb.context.idleTimeoutSeconds",
    rule: `must be from ${least}, above requestTimeoutSeconds, to 4000, or the load balancer cuts answers off`,
    got: idleTimeoutSeconds,
    fix: `Set ${least} for all Ingresses of the group.`,
  });
  problems.check(allowedCidrs.length <= MAX_CLIENT_CIDRS, {
    path: "alb.context.allowedCidrs",
    rule: `must hold at most ${MAX_CLIENT_CIDRS} CIDRs`,
    got: allowedCidrs.length,
    fix: "Merge neighbouring ranges.",
  });
}
