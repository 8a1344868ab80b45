import type { Monitoring } from "../../components";
import type { ClusterFoundation } from "../cluster-foundation";
import type { Context, Providers } from "../context";
import type { DataStores } from "../data";
import type { Edge } from "../edge";
import type { Namespaces } from "../namespaces";
import type { Operations } from "../operations";
import type { Settings } from "../settings";

/** What models stand on: rooms that were made before. */
export interface LlmParts {
  readonly context: Context;
  /** The section `llm`, which is enabled. */
  readonly llm: Settings["llm"];
  readonly foundation: ClusterFoundation;
  readonly namespaces: Namespaces;
  readonly operations: Operations;
  readonly edge: Edge;
  readonly stores: DataStores;
  /** Undefined without Prometheus. */
  readonly monitoring?: Monitoring;
  readonly providers: Providers;
}
