import { parse, stringify } from "yaml";

/** A scheduler's configuration, made fit for a rehearsal. */
export interface FittedConfiguration {
  readonly text: string;
  /** What its first profile is called; pods ask for it by this name. */
  readonly schedulerName: string;
}

interface SchedulerConfiguration {
  readonly kind?: string;
  readonly clientConnection?: object;
  readonly profiles?: readonly { readonly schedulerName?: string }[];
}

/** Leaves every decision as it is; changes only how the API server is reached, and that nobody else stands for election. */
export function fittedConfiguration(text: string, kubeconfig: string): FittedConfiguration {
  const configuration = parse(text) as SchedulerConfiguration | null;
  if (configuration?.kind !== "KubeSchedulerConfiguration") {
    const kind = configuration?.kind ?? "nothing";
    throw new Error(
      `A scheduler's configuration is of kind KubeSchedulerConfiguration, not ${kind}: mend the ConfigMap.`,
    );
  }
  const fitted = {
    ...configuration,
    clientConnection: { ...configuration.clientConnection, kubeconfig },
    leaderElection: { leaderElect: false },
  };
  return { text: stringify(fitted), schedulerName: configuration.profiles?.[0]?.schedulerName ?? "default-scheduler" };
}
