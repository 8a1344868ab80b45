import { ApiError } from "./api";
import { groupPath } from "./paths";
import type { RestClient } from "./rest-client";

/** What the server says about a kind. */
export interface ResourceKind {
  /** As in paths, e.g. `poddisruptionbudgets`. */
  readonly plural: string;
  readonly namespaced: boolean;
  /** Whether its status is set apart from the rest. */
  readonly statusSubresource: boolean;
}

/** The part of an APIResourceList that is read. */
export interface ResourceList {
  readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** Knows which kinds the server serves. A kind that is not known yet is asked for again each time: it may have come since. */
export class Discovery {
  private readonly known = new Map<string, ReadonlyMap<string, ResourceKind>>();
  private readonly asked = new Map<string, Promise<ReadonlyMap<string, ResourceKind>>>();

  constructor(private readonly client: RestClient) {}

  async find(apiVersion: string, kind: string): Promise<ResourceKind | undefined> {
    return this.known.get(apiVersion)?.get(kind) ?? (await this.ask(apiVersion)).get(kind);
  }

  /** One question at a time for each group, however many wait for its answer. */
  private ask(apiVersion: string): Promise<ReadonlyMap<string, ResourceKind>> {
    const already = this.asked.get(apiVersion);
    if (already !== undefined) return already;
    const answer = this.read(apiVersion).finally(() => this.asked.delete(apiVersion));
    this.asked.set(apiVersion, answer);
    return answer;
  }

  private async read(apiVersion: string): Promise<ReadonlyMap<string, ResourceKind>> {
    try {
      const list = (await this.client.send({ method: "GET", path: groupPath(apiVersion) })) as ResourceList;
      const kinds = kindsIn(list);
      this.known.set(apiVersion, kinds);
      return kinds;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return new Map();
      throw error;
    }
  }
}

/** Kinds of a list by name; subresources (`pods/eviction`) are no kinds of their own. */
export function kindsIn({ resources }: ResourceList): Map<string, ResourceKind> {
  const names = new Set(resources.map(({ name }) => name));
  const whole = resources.filter(({ name }) => !name.includes("/"));
  return new Map(
    whole.map(({ name, kind, namespaced }) => [
      kind,
      { plural: name, namespaced, statusSubresource: names.has(`${name}/status`) },
    ]),
  );
}
