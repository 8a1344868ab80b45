import type { ChartInstaller } from "./chart-installer";

/** Releases that hold nothing: for an API in memory, where nothing would run. */
export const NO_CHARTS: ChartInstaller = {
  objectsOf: async () => ({ objects: [], customResourceDefinitions: [], recorded: [], rendered: false }),
};
