import * as grpc from "@grpc/grpc-js";
import { runtime } from "@pulumi/pulumi";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { PartialFailure, type Properties } from "./provider";

/** The SDK ships this message without types. */
const { Status } = require("@pulumi/pulumi/proto/status_pb") as {
  Status: new () => {
    setCode(code: number): void;
    setMessage(message: string): void;
    addDetails(details: Any): void;
    serializeBinary(): Uint8Array;
  };
};

/** Plain values of a message's struct, secrets opened; none when it is absent. */
export function opened(struct: Struct | undefined): Properties {
  return withoutEnvelopes(struct?.toJavaScript() ?? {}) as Properties;
}

/** Whatever was agreed, the configuration of a provider comes with its secrets in envelopes. */
function withoutEnvelopes(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEnvelopes);
  if (value === null || typeof value !== "object") return value;
  if (runtime.isRpcSecret(value)) return withoutEnvelopes(runtime.unwrapRpcSecret(value));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, withoutEnvelopes(inner)]));
}

/** `properties` as a message's struct; members without a value are left out, as JSON does. */
export function sealed(properties: Properties): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(properties)));
}

/** `error` as the engine understands it: with what was left behind, if anything was. */
export function failure(error: unknown): Partial<grpc.StatusObject> {
  const message = error instanceof Error ? error.message : String(error);
  const metadata = new grpc.Metadata();
  if (error instanceof PartialFailure) {
    const left = new ErrorResourceInitFailed();
    left.setId(error.id);
    left.setProperties(sealed(error.state));
    left.setReasonsList([message]);
    const details = new Any();
    details.pack(left.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
    const status = new Status();
    status.setCode(grpc.status.UNKNOWN);
    status.setMessage(message);
    status.addDetails(details);
    // The name under which gRPC carries structured errors.
    metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  }
  return { code: grpc.status.UNKNOWN, details: message, metadata };
}
