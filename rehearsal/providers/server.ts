import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import {
  CheckFailure,
  CheckResponse,
  ConfigureResponse,
  CreateResponse,
  DiffResponse,
  PropertyDiff,
  ReadResponse,
  UpdateResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Call, Calls, Method } from "./calls";
import { failure, opened, sealed } from "./messages";
import type { CallOptions, CheckResult, DiffResult, Properties, Provider, ResourceIdentity } from "./provider";

/** A stand-in that the engine can dial. */
export interface ProviderServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** The requests of the engine's protocol, as far as they are read here. */
interface Request {
  getUrn(): string;
  getId(): string;
  getOlds(): Struct | undefined;
  getNews(): Struct | undefined;
  getOldInputs(): Struct | undefined;
  getInputs(): Struct | undefined;
  getProperties(): Struct | undefined;
  getArgs(): Struct | undefined;
  getPreview(): boolean;
  getTimeout(): number;
}

/** Offers `provider` to the engine on a free port of the loopback; every call passes through `calls`. */
export async function serveProvider(provider: Provider, version: string, calls: Calls): Promise<ProviderServer> {
  const server = new grpc.Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
  server.addService(ResourceProviderService, {
    ...resourceMethods(provider, calls),
    ...providerMethods(provider, version, calls),
  } as unknown as grpc.UntypedServiceImplementation);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, stop: async () => server.forceShutdown() };
}

/** What concerns the provider as a whole. */
function providerMethods(provider: Provider, version: string, calls: Calls) {
  return {
    attach: answering(async () => new Empty()),
    getPluginInfo: answering(async () => {
      const info = new PluginInfo();
      info.setVersion(version);
      return info;
    }),
    checkConfig: answering(async (request) => {
      const response = new CheckResponse();
      response.setInputs(request.getNews());
      return response;
    }),
    diffConfig: answering(async (request) =>
      diffResponse(await provider.diffConfiguration(opened(request.getOldInputs()), opened(request.getNews()))),
    ),
    configure: answering(async (request) => {
      const configuration = opened(request.getArgs());
      await calls.perform(callOf("configure", request, configuration), () => provider.configure(configuration));
      const response = new ConfigureResponse();
      // Secrets are opened for the stand-in; the engine marks in its answers what was secret in the inputs.
      response.setAcceptsecrets(false);
      response.setSupportspreview(true);
      return response;
    }),
    cancel: answering(async () => {
      provider.cancel?.();
      return new Empty();
    }),
  };
}

/** What concerns one resource. */
function resourceMethods(provider: Provider, calls: Calls) {
  return {
    check: answering(async (request) => {
      const [before, now] = [request.getOlds(), opened(request.getNews())];
      return checkResponse(
        await calls.perform(callOf("check", request, now), () =>
          provider.check(identityOf(request), before === undefined ? undefined : opened(before), now),
        ),
      );
    }),
    diff: answering(async (request) => {
      const [before, state, now] = [request.getOldInputs(), request.getOlds(), request.getNews()].map(opened);
      const found = await calls.perform(callOf("diff", request, now ?? {}), () =>
        provider.diff(identityOf(request), request.getId(), before ?? {}, state ?? {}, now ?? {}),
      );
      return diffResponse(found);
    }),
    create: answering(async (request) => {
      const inputs = opened(request.getProperties());
      const { id, state } = await calls.perform(callOf("create", request, inputs), () =>
        provider.create(identityOf(request), inputs, optionsOf(request)),
      );
      const response = new CreateResponse();
      response.setId(id);
      response.setProperties(sealed(state));
      return response;
    }),
    update: answering(async (request) => {
      const [before, state, now] = [request.getOldInputs(), request.getOlds(), request.getNews()].map(opened);
      const updated = await calls.perform(callOf("update", request, now ?? {}), () =>
        provider.update(identityOf(request), request.getId(), before ?? {}, state ?? {}, now ?? {}, optionsOf(request)),
      );
      const response = new UpdateResponse();
      response.setProperties(sealed(updated));
      return response;
    }),
    read: answering(async (request) => {
      const [inputs, state] = [request.getInputs(), request.getProperties()].map(opened);
      const found = await calls.perform(callOf("read", request, state ?? {}), () =>
        provider.read(identityOf(request), request.getId(), inputs ?? {}, state ?? {}),
      );
      const response = new ReadResponse();
      if (found === undefined) return response;
      response.setId(request.getId());
      response.setInputs(sealed(found.inputs));
      response.setProperties(sealed(found.state));
      return response;
    }),
    delete: answering(async (request) => {
      const state = opened(request.getProperties());
      await calls.perform(callOf("delete", request, state), () =>
        provider.delete(identityOf(request), request.getId(), state, optionsOf(request)),
      );
      return new Empty();
    }),
  };
}

/** A method of the service; what it throws goes to the engine. */
function answering(answer: (request: Request) => Promise<unknown>) {
  return (call: { request: Request }, callback: (error: unknown, response?: unknown) => void): void => {
    answer(call.request).then(
      (response) => callback(null, response),
      (error) => callback(failure(error)),
    );
  };
}

function identityOf(request: Request): ResourceIdentity {
  const urn = request.getUrn();
  const [, , types = "", name = ""] = urn.replace("urn:pulumi:", "").split("::");
  return { urn, type: types.split("$").at(-1) ?? "", name };
}

function callOf(method: Method, request: Request, properties: Properties): Call {
  // Not every request says whether it is a preview's; those that do not change nothing.
  const preview = request.getPreview?.() ?? false;
  return { ...identityOf(request), method, preview, properties };
}

function optionsOf(request: Request): CallOptions {
  const seconds = request.getTimeout();
  return { preview: request.getPreview?.() ?? false, timeoutSeconds: seconds > 0 ? seconds : undefined };
}

function checkResponse({ inputs, failures }: CheckResult): CheckResponse {
  const response = new CheckResponse();
  response.setInputs(sealed(inputs));
  for (const { property, reason } of failures) {
    const problem = new CheckFailure();
    problem.setProperty(property);
    problem.setReason(reason);
    response.addFailures(problem);
  }
  return response;
}

function diffResponse({ changes, replaces, deleteBeforeReplace, paths }: DiffResult): DiffResponse {
  const response = new DiffResponse();
  const differs = changes.length > 0 || replaces.length > 0;
  response.setChanges(differs ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE);
  response.setDiffsList([...changes]);
  response.setReplacesList([...replaces]);
  response.setDeletebeforereplace(deleteBeforeReplace ?? false);
  for (const path of paths ?? []) {
    const difference = new PropertyDiff();
    difference.setKind(replaces.includes(path) ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE);
    response.getDetaileddiffMap().set(path, difference);
  }
  response.setHasdetaileddiff(paths !== undefined && paths.length > 0);
  return response;
}
