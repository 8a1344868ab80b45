/** What the engine is asked to do. */
export type Operation = "preview" | "up" | "refresh" | "destroy" | "cancel";

/** One run of the engine, as it is handed to the child process that drives it. Plain JSON. */
export interface OperationRequest {
  readonly operation: Operation;
  /** Folder of the Pulumi project whose program runs. */
  readonly projectFolder: string;
  /** Folder that holds `bin/pulumi`. */
  readonly pulumiRoot: string;
  /** Folder of this rehearsal's backend, plugins and stack files. */
  readonly workspace: string;
  readonly stack: string;
  /** Configuration by full key: text as the program gets it, JSON for what is no scalar. */
  readonly config: Readonly<Record<string, string>>;
  readonly secretConfig: readonly string[];
  /** Port of the stand-in by package; a package that is missing uses an installed plugin. */
  readonly providerPorts: Readonly<Record<string, number>>;
  readonly options: OperationOptions;
  /** Whether the installed language host runs the program by Pulumi.yaml, in place of the child process itself. */
  readonly languageHost: boolean;
  /** Whether plugins of the user's own Pulumi home may be used, for packages without a port. */
  readonly installedPlugins: boolean;
  /** Folder whose commands come before all others; undefined for none. */
  readonly commands: string | undefined;
  /** Modules (absolute paths) that are loaded before the program, to change it; for tests that break the platform. */
  readonly mutations: readonly string[];
}

/** Options of the engine. */
export interface OperationOptions {
  /** Read what is really there first; default false. */
  readonly refresh?: boolean;
  /** Go on with other branches when one fails; default false. */
  readonly continueOnError?: boolean;
  /** Forget creations that an earlier run could not confirm; with `refresh` alone. */
  readonly clearPendingCreates?: boolean;
  /** Save the state after every step, as the engine does for users, in place of once at the end; needed where a run is killed. Default false. */
  readonly checkpoints?: boolean;
}

/** One step of a run, as the engine reports it. */
export interface Step {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** The engine's word: create, update, delete, same, replace, create-replacement, delete-replaced, read, refresh, … */
  readonly op: string;
  /** Properties that differ. */
  readonly diffs: readonly string[];
  readonly outcome: "planned" | "done" | "failed";
}

/** How a run ended. */
export interface OperationResult {
  readonly succeeded: boolean;
  /** Why not: the engine's last words. */
  readonly error?: string;
  /** Every step, in the order of the engine's events. `same` included. */
  readonly steps: readonly Step[];
  /** Errors and warnings that were shown, with the resource's URN where there is one. */
  readonly diagnostics: readonly { readonly severity: string; readonly urn: string; readonly message: string }[];
  /** Everything that the engine printed. */
  readonly log: string;
  readonly seconds: number;
}

/** Steps that change something, or would. */
export function changesIn(result: OperationResult): Step[] {
  const idle = ["same", "read", "refresh"];
  return result.steps.filter(({ op, outcome }) => outcome !== "failed" && !idle.includes(op));
}
