import type * as pulumi from "@pulumi/pulumi";

/** Groups of Kubernetes to which the roles of the namespace are bound. */
export const MODEL_GROUPS = { readers: "model-readers", operators: "model-operators" } as const;

/** Secret with the token for Hugging Face; entry `token`. */
export const HUGGING_FACE_SECRET = { name: "hugging-face-token", key: "token" } as const;

export interface ModelAccessArgs {
  /** Namespace of the models. A change replaces everything. */
  readonly namespace: pulumi.Input<string>;
  /** Model servers, each of which gets the Secret `<server>-api-key`. */
  readonly servers: string[];
  /** Servers that share one key: those behind the same `ModelRouter`. Default none. */
  readonly sharedKeyServers?: string[];
  /** A key of the user's own for all servers, 16 characters at least. Default: generated, one for each server. */
  readonly apiKey?: pulumi.Input<string>;
  /** Raised by one, gives every server a new generated key; callers need it at once. Whole number, default 0. */
  readonly keyRevision?: number;
  /** Token by which import Jobs fetch guarded models. Default: no Secret. */
  readonly huggingFaceToken?: pulumi.Input<string>;
  /** IAM roles that become members of Kubernetes' groups. Default: somebody else binds the groups of `MODEL_GROUPS`. */
  readonly members?: ModelMembersArgs;
}

/** IAM roles that may look at models, and those that may operate them. */
export interface ModelMembersArgs {
  /** Cluster that the roles get access to. */
  readonly clusterName: pulumi.Input<string>;
  /** ARNs of roles that may look at everything but Secrets. Default none. */
  readonly readers?: string[];
  /** ARNs of roles that may scale, restart and change workloads as well. Default none. */
  readonly operators?: string[];
}
