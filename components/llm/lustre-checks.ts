import { Problems } from "../internal/problems";
import type { LustreFileSystemArgs } from "./lustre-file-system";

/** Throughput that FSx sells, in MB/s for each TiB. */
export const LUSTRE_THROUGHPUTS: readonly number[] = [125, 250, 500, 1000];

/** Whether FSx makes a file system of this size, in GiB. */
export function isLustreSize(storageGiB: number): boolean {
  return storageGiB === 1200 || (storageGiB > 0 && storageGiB % 2400 === 0);
}

/** Throws one error with everything that is wrong. */
export function checkLustreFileSystemArgs(name: string, args: LustreFileSystemArgs): void {
  const problems = new Problems();
  const { storageGiB = 1200, throughputPerTiB = 125 } = args;
  problems.check(isLustreSize(storageGiB), {
    path: "storageGiB",
    rule: "must be 1200, or a multiple of 2400: FSx sells no other sizes",
    got: storageGiB,
    fix: "Choose the next larger size.",
  });
  problems.check(LUSTRE_THROUGHPUTS.includes(throughputPerTiB), {
    path: "throughputPerTiB",
    rule: `must be one of ${LUSTRE_THROUGHPUTS.join(", ")}`,
    got: throughputPerTiB,
    fix: "Choose one of them.",
  });
  problems.throwIfAny("LustreFileSystem", name);
}
