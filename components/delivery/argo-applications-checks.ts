import { DNS_LABEL } from "../internal/names";
import { type Problem, Problems } from "../internal/problems";
import type { ArgoApplicationsArgs, ArgoRegionsArgs } from "./argo-applications-args";
import { REPLICAS_FIELDS, WORKLOAD_GROUPS } from "./argo-applications-spec";

/** Schemes that Argo CD takes, and that carry credentials safely. */
export const GIT_URL = /^(https:\/\/[^\s@]+|ssh:\/\/\S+|git@\S+)$/;
/** A folder of a repository: no way up, no way out. */
export const GIT_PATH = /^(?!\/)(?!.*(^|\/)\.\.(\/|$))[\w./-]+[\w-]$/;

/** What is wrong with regions, one region a cluster; paths are relative to the list. */
export function regionProblems(regions: readonly { region: string; cluster: string; replicas: number }[]): Problem[] {
  const problems: Problem[] = [];
  regions.forEach(({ region, cluster, replicas }, index) => {
    const earlier = regions.slice(0, index);
    if (earlier.some((each) => each.region === region)) {
      const fix = "Give each region once.";
      problems.push({ path: `[${index}].region`, rule: "must not name a region twice", got: region, fix });
    }
    if (earlier.some((each) => each.cluster === cluster)) {
      const rule = "must not name a cluster twice: two Applications would own the same objects";
      problems.push({ path: `[${index}].cluster`, rule, got: cluster, fix: "Give each cluster once." });
    }
    if (!Number.isInteger(replicas) || replicas < 0) {
      const rule = "must be a whole number of at least 0";
      problems.push({ path: `[${index}].replicas`, rule, got: replicas, fix: "Write the number of replicas." });
    }
  });
  return problems;
}

/** Refuses arguments that cannot work. */
export function checkArgoApplicationsArgs(name: string, args: ArgoApplicationsArgs): void {
  const problems = new Problems();
  problems.exactlyOne("application, regions", { application: args.application, regions: args.regions });
  problems.check(DNS_LABEL.test(args.project), {
    path: "project",
    rule: "must be a DNS label",
    got: args.project,
    fix: "Use lower-case letters, digits and dashes.",
  });
  checkRepository(problems, args);
  checkKinds(problems, "autoscaledWorkloads", args.autoscaledWorkloads ?? [], Object.keys(WORKLOAD_GROUPS));
  if (args.regions) checkRegions(problems, args.regions);
  problems.throwIfAny("ArgoApplications", name);
}

function checkRepository(problems: Problems, { repository }: ArgoApplicationsArgs): void {
  const { url, path, credentials } = repository;
  problems.check(GIT_URL.test(url), {
    path: "repository.url",
    rule: "must be a URL of git over HTTPS or SSH",
    got: url,
    fix: "Write it like https://github.com/acme/models.git.",
  });
  problems.check(GIT_PATH.test(path), {
    path: "repository.path",
    rule: "must be a folder inside the repository",
    got: path,
    fix: "Write it like environments/prod.",
  });
  if (credentials === undefined) return;
  problems.exactlyOne("repository.credentials", {
    password: credentials.password,
    sshPrivateKey: credentials.sshPrivateKey,
  });
  problems.check(credentials.sshPrivateKey === undefined || !url.startsWith("https://"), {
    path: "repository.credentials.sshPrivateKey",
    rule: "serves nothing with a URL of https://",
    fix: "Write the URL as git@…, or give a password.",
  });
}

function checkRegions(problems: Problems, { regions, scaledWorkloads = [] }: ArgoRegionsArgs): void {
  problems.check(regions.length > 0, {
    path: "regions.regions",
    rule: "must name at least one region",
    got: "none",
    fix: "Add one, or give application.",
  });
  for (const problem of regionProblems(regions)) {
    problems.check(false, { ...problem, path: `regions.regions${problem.path}` });
  }
  checkKinds(problems, "regions.scaledWorkloads", scaledWorkloads, Object.keys(REPLICAS_FIELDS));
}

function checkKinds(
  problems: Problems,
  path: string,
  workloads: readonly { readonly kind: string }[],
  kinds: readonly string[],
): void {
  workloads.forEach(({ kind }, index) => {
    problems.check(kinds.includes(kind), {
      path: `${path}[${index}].kind`,
      rule: `must be one of ${kinds.join(", ")}`,
      got: kind,
      fix: "Choose one of them.",
    });
  });
}
