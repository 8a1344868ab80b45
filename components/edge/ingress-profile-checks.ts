import type { Problems } from "../internal/problems";
import type { IngressProfile } from "./ingress-profile";

/** Notes what is wrong with a profile; `path` is where the caller wrote it. */
export function checkIngressProfile(problems: Problems, path: string, profile: IngressProfile): void {
  const inRange = (key: string, value: number | undefined, least: number, most: number, fix: string) =>
    problems.check(value === undefined || (Number.isInteger(value) && value >= least && value <= most), {
      path: `${path}.${key}`,
      rule: `must be a whole number from ${least} to ${most}`,
      got: value,
      fix,
    });
  const rate = profile.requestsPerMinutePerClient;
  inRange("maxBodySizeMiB", profile.maxBodySizeMiB, 1, 5120, "Send larger things to a bucket.");
  inRange("readTimeoutSeconds", profile.readTimeoutSeconds, 1, 4000, "60 suits most applications.");
  inRange("requestsPerMinutePerClient", rate, 1, 1_000_000, "Leave it out for no limit.");
  inRange("burst", profile.burst, 0, 10_000_000, "Leave it out for five minutes' worth.");
  problems.check(profile.burst === undefined || rate !== undefined, {
    path: `${path}.burst`,
    rule: "means nothing without requestsPerMinutePerClient",
    got: profile.burst,
    fix: "Add the rate, or remove burst.",
  });
  (profile.corsOrigins ?? []).forEach((origin, index) => {
    problems.check(origin === "*" || /^https?:\/\/[a-z0-9.-]+(:\d+)?$/.test(origin), {
      path: `${path}.corsOrigins[${index}]`,
      rule: "must be * or an origin: scheme and host, without a path",
      got: origin,
      fix: "Write it like https://app.example.com.",
    });
  });
  problems.check(!profile.corsOrigins?.includes("*") || profile.corsOrigins.length === 1, {
    path: `${path}.corsOrigins`,
    rule: "names * beside others, which it already covers",
    got: profile.corsOrigins?.join(", "),
    fix: "Keep either * or the others.",
  });
}
