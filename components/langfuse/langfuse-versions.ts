import { CHARTS, type Chart } from "../internal/charts";
import { IMAGES, type Image } from "../internal/images";

/** Chart and images of one version of Langfuse. */
export interface LangfusePins {
  readonly chart: Chart;
  readonly web: Image;
  readonly worker: Image;
}

/** Majors of Langfuse that the platform knows. */
export const LANGFUSE_MAJORS = ["3", "4"];
/** An exact version, `major.minor.patch`. */
export const LANGFUSE_VERSION = /^(\d+)\.\d+\.\d+$/;

/** The major of an exact version, or undefined when `version` is none. */
export function majorOf(version: string): string | undefined {
  return LANGFUSE_VERSION.exec(version)?.[1];
}

/** Chart and images for `version`; the web image may be held back at `webVersion`. */
export function langfusePins(version: string, webVersion = version): LangfusePins {
  const four = majorOf(version) === "4";
  const web = four ? IMAGES.langfuseWebV4 : IMAGES.langfuseWeb;
  const worker = four ? IMAGES.langfuseWorkerV4 : IMAGES.langfuseWorker;
  return {
    chart: four ? CHARTS.langfuseV4 : CHARTS.langfuse,
    web: { ...web, tag: webVersion },
    worker: { ...worker, tag: version },
  };
}
