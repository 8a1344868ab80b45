import { IngressControllerKind } from "./ingress-contract";
import { effectiveBurst, type IngressProfile } from "./ingress-profile";

/** What `controller` with `replicas` pods really does of the profile, one sentence for each part. */
export function effectiveLimits(
  controller: IngressControllerKind,
  profile: IngressProfile,
  replicas: number,
): string[] {
  if (controller === IngressControllerKind.Alb) return albLimits(profile);
  return [
    `Request bodies above ${profile.maxBodySizeMiB} MiB are answered with 413.`,
    `A pause of ${profile.readTimeoutSeconds} s in an answer ends the request with 504.`,
    ...rateLimits(controller, profile, replicas),
    ...corsLimits(profile),
    redirect(profile),
  ];
}

function rateLimits(controller: IngressControllerKind, profile: IngressProfile, replicas: number): string[] {
  const rate = profile.requestsPerMinutePerClient;
  if (rate === undefined) return ["No limit on the rate of requests."];
  const burst = effectiveBurst(controller, profile);
  return [
    `Each pod of the controller lets one client address make ${rate} requests a minute and ${burst} at once; ` +
      `over ${replicas} pods that is between ${rate} and ${rate * replicas} a minute. What exceeds it is answered with 429.`,
    ...(profile.burst === undefined || profile.burst === burst
      ? []
      : [
          `A burst of ${profile.burst} becomes ${burst}: this controller takes whole multiples of the rate, at least one.`,
        ]),
  ];
}

function corsLimits(profile: IngressProfile): string[] {
  const origins = profile.corsOrigins ?? [];
  if (origins.length === 0) return [];
  const credentials = origins.includes("*") ? "without credentials" : "with credentials";
  return [`Pages of ${origins.join(", ")} may call, ${credentials}.`];
}

function redirect(profile: IngressProfile): string {
  return (profile.tlsRedirect ?? true) ? "Plain HTTP is sent on to HTTPS." : "Plain HTTP is served as it is.";
}

function albLimits(profile: IngressProfile): string[] {
  const origins = profile.corsOrigins ?? [];
  return [
    `An ALB does not limit request bodies: the application must refuse those above ${profile.maxBodySizeMiB} MiB.`,
    `A connection that is silent for ${profile.readTimeoutSeconds} s is closed.`,
    profile.requestsPerMinutePerClient === undefined
      ? "No limit on the rate of requests."
      : `An ALB does not limit rates: ${profile.requestsPerMinutePerClient} requests a minute need a rate rule of AWS WAF.`,
    ...(origins.length > 1
      ? [`An ALB answers with one origin for all: the application must answer CORS for ${origins.join(", ")}.`]
      : origins.map((origin) => `Every answer names ${origin} as the allowed origin.`)),
    (profile.tlsRedirect ?? true) ? "Plain HTTP is sent on to HTTPS." : "Port 80 is closed.",
  ];
}
