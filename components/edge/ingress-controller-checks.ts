import { Problems } from "../internal/problems";
import { IngressControllerKind } from "./ingress-contract";
import type { IngressControllerArgs } from "./ingress-controller";
import { MOST_FINISH_SECONDS } from "./ingress-controller-settings";

/** Notes a time for leaving pods that no load balancer would grant. */
export function checkFinishSeconds(problems: Problems, seconds: number | undefined): void {
  const holds = seconds === undefined || (Number.isInteger(seconds) && seconds >= 1 && seconds <= MOST_FINISH_SECONDS);
  problems.check(holds, {
    path: "finishSeconds",
    rule: `must be a whole number of seconds from 1 to ${MOST_FINISH_SECONDS}`,
    got: seconds,
    fix: "Leave it out for 30.",
  });
}

/** Throws an error that names everything wrong with the arguments. */
export function checkIngressControllerArgs(name: string, args: IngressControllerArgs): void {
  const problems = new Problems();
  const kinds = Object.values(IngressControllerKind);
  problems.check(args.controller === undefined || kinds.includes(args.controller), {
    path: "controller",
    rule: `must be one of ${kinds.join(", ")}`,
    got: args.controller,
    fix: "Leave it out for traefik.",
  });
  problems.check(args.controller !== IngressControllerKind.IngressNginx || args.allowRetired === true, {
    path: "controller",
    rule: "ingress-nginx is retired and gets no security fixes since March 2026",
    got: args.controller,
    fix: "Use traefik, which reads the same annotations, or set allowRetired.",
  });
  problems.check(args.replicas === undefined || (Number.isInteger(args.replicas) && args.replicas >= 1), {
    path: "replicas",
    rule: "must be a whole number of at least 1",
    got: args.replicas,
    fix: "Set 3, one for each zone.",
  });
  const upload = args.uploadTimeoutSeconds;
  problems.check(upload === undefined || (Number.isInteger(upload) && upload >= 1 && upload <= 3600), {
    path: "uploadTimeoutSeconds",
    rule: "must be a whole number of seconds from 1 to 3600",
    got: upload,
    fix: "Leave it out for 300.",
  });
  checkFinishSeconds(problems, args.finishSeconds);
  const isTraefik = (args.controller ?? IngressControllerKind.Traefik) === IngressControllerKind.Traefik;
  problems.check(isTraefik || (args.routeNamespaces ?? []).length === 0, {
    path: "routeNamespaces",
    rule: "means nothing to a controller other than traefik, whose kinds of its own are meant",
    got: args.controller,
    fix: "Leave it out, or choose traefik.",
  });
  problems.check(args.controller !== IngressControllerKind.Alb || args.loadBalancerControllerReady !== undefined, {
    path: "loadBalancerControllerReady",
    rule: "alb is served by the AWS Load Balancer Controller and must wait for it",
    fix: "Pass LoadBalancerController.ready.",
  });
  problems.throwIfAny("IngressController", name);
}
