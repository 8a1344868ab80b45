import { Problems } from "../internal/problems";
import type { BucketArgs, BucketCreateArgs } from "./bucket";

/** Throws one error with everything that is wrong. */
export function checkBucketArgs(name: string, args: BucketArgs): void {
  const problems = new Problems();
  problems.exactlyOne("args", { create: args.create, existing: args.existing });
  if (args.create !== undefined) checkCreate(problems, args.create);
  problems.throwIfAny("Bucket", name);
}

function checkCreate(problems: Problems, create: BucketCreateArgs): void {
  for (const key of ["expirationDays", "noncurrentExpirationDays", "abortMultipartDays"] as const) {
    const days = create[key];
    problems.check(days === undefined || (Number.isInteger(days) && days >= 1), {
      path: `create.${key}`,
      rule: "must be a whole number of at least 1",
      got: days,
      fix: "Choose a number of days, or leave it out.",
    });
  }
  const versioned = create.versioned ?? true;
  problems.check(versioned || create.replication === undefined, {
    path: "create.replication",
    rule: "needs a versioned bucket",
    got: "versioned: false",
    fix: "Remove versioned, or replication.",
  });
  problems.check(versioned || create.noncurrentExpirationDays === undefined, {
    path: "create.noncurrentExpirationDays",
    rule: "means nothing without versions",
    got: create.noncurrentExpirationDays,
    fix: "Remove it, or versioned: false.",
  });
  for (const [index, origin] of (create.corsOrigins ?? []).entries()) {
    if (typeof origin !== "string") continue;
    problems.check(/^https?:\/\/[^/*\s]+$/.test(origin), {
      path: `create.corsOrigins[${index}]`,
      rule: "must be one origin: scheme and host, without path, slash or wildcard",
      got: origin,
      fix: "Write it like https://langfuse.example.com.",
    });
  }
}
