import { ApiError, type KubernetesApi, type ListFilter } from "./api";
import { Discovery, type ResourceKind } from "./discovery";
import { type KubernetesObject, type ObjectReference, referenceTo } from "./objects";
import { collectionPath, listQuery, objectPath, query } from "./paths";
import { RestClient, type ServerAddress } from "./rest-client";

/** Who creates, as the real provider calls itself: later applies under this name own what it created. */
const CREATOR = "pulumi-kubernetes";
/** Unknown fields are faults of whoever wrote them. CRDs are not written here, and some projects' own carry stray fields. */
function validation(kind: string): { readonly fieldValidation: string } {
  return { fieldValidation: kind === "CustomResourceDefinition" ? "Warn" : "Strict" };
}

/** A real API server, asked as the real provider asks it. */
export class RestApi implements KubernetesApi {
  readonly real = true;
  private readonly client: RestClient;
  private readonly discovery: Discovery;

  constructor(address: ServerAddress) {
    this.client = new RestClient(address);
    this.discovery = new Discovery(this.client);
  }

  async create(object: KubernetesObject): Promise<KubernetesObject> {
    const { apiVersion, kind, metadata } = object;
    const served = await this.kindOf(apiVersion, kind);
    const path = collectionPath(apiVersion, served, metadata.namespace ?? "default");
    const parameters = query({ fieldManager: CREATOR, ...validation(kind) });
    return this.object({ method: "POST", path: path + parameters, body: object });
  }

  async read({ apiVersion, kind, ...which }: ObjectReference): Promise<KubernetesObject | undefined> {
    const served = await this.discovery.find(apiVersion, kind);
    if (served === undefined) return undefined;
    return unlessMissing(this.object({ method: "GET", path: objectPath(apiVersion, served, which) }));
  }

  async apply(object: KubernetesObject, fieldManager: string): Promise<KubernetesObject> {
    // The server refuses an apply that states who manages what.
    const metadata = { ...object.metadata, managedFields: undefined };
    return this.object({
      method: "PATCH",
      path:
        (await this.pathOf(referenceTo(object))) + query({ fieldManager, force: "true", ...validation(object.kind) }),
      body: { ...object, metadata },
      contentType: "application/apply-patch+yaml",
    });
  }

  async patchStatus(reference: ObjectReference, status: object): Promise<void> {
    const { apiVersion, kind } = reference;
    // Custom resources may keep their status among the rest.
    const { statusSubresource } = await this.kindOf(apiVersion, kind);
    const path = (await this.pathOf(reference)) + (statusSubresource ? "/status" : "");
    await this.mergePatch(path, { status });
  }

  async patch(reference: ObjectReference, change: object): Promise<KubernetesObject> {
    return this.mergePatch((await this.pathOf(reference)) + query(validation(reference.kind)), change);
  }

  async delete(
    { apiVersion, kind, ...which }: ObjectReference,
    propagation: "Background" | "Foreground" | "Orphan" = "Background",
  ): Promise<boolean> {
    const served = await this.discovery.find(apiVersion, kind);
    if (served === undefined) return false;
    const path = objectPath(apiVersion, served, which) + query({ propagationPolicy: propagation });
    return (await unlessMissing(this.client.send({ method: "DELETE", path }))) !== undefined;
  }

  async list(apiVersion: string, kind: string, filter: ListFilter = {}): Promise<KubernetesObject[]> {
    const served = await this.discovery.find(apiVersion, kind);
    if (served === undefined) return [];
    const path = collectionPath(apiVersion, served, filter.namespace) + listQuery(filter);
    const list = (await unlessMissing(this.client.send({ method: "GET", path }))) as ObjectList | undefined;
    // Items of a list do not repeat what they are.
    return (list?.items ?? []).map((item) => ({ ...item, apiVersion, kind }));
  }

  async evict(namespace: string, pod: string, dryRun = false): Promise<void> {
    const path = await this.pathOf({ apiVersion: "v1", kind: "Pod", name: pod, namespace });
    await this.client.send({
      method: "POST",
      path: `${path}/eviction${dryRun ? query({ dryRun: "All" }) : ""}`,
      body: { apiVersion: "policy/v1", kind: "Eviction", metadata: { name: pod, namespace } },
    });
  }

  /** Whether the server serves the kind by now. */
  async serves(apiVersion: string, kind: string): Promise<boolean> {
    return (await this.discovery.find(apiVersion, kind)) !== undefined;
  }

  /** Closes idle connections. */
  close(): void {
    this.client.close();
  }

  private async kindOf(apiVersion: string, kind: string): Promise<ResourceKind> {
    const served = await this.discovery.find(apiVersion, kind);
    if (served !== undefined) return served;
    throw new ApiError(
      404,
      "NotFound",
      `no matches for kind "${kind}" in version "${apiVersion}": is its CRD missing?`,
    );
  }

  private async pathOf({ apiVersion, kind, ...which }: ObjectReference): Promise<string> {
    return objectPath(apiVersion, await this.kindOf(apiVersion, kind), which);
  }

  private async object(asked: Parameters<RestClient["send"]>[0]): Promise<KubernetesObject> {
    return (await this.client.send(asked)) as KubernetesObject;
  }

  private mergePatch(path: string, body: object): Promise<KubernetesObject> {
    return this.object({ method: "PATCH", path, body, contentType: "application/merge-patch+json" });
  }
}

interface ObjectList {
  readonly items?: readonly KubernetesObject[];
}

async function unlessMissing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined;
    throw error;
  }
}
