import type { Properties } from "../providers/provider";
import { isEmpty, isMap } from "./differences";

/** The part of a live value that the inputs speak about: what the API server and controllers add is nobody's change. */
export function pruned(live: unknown, inputs: unknown): unknown {
  if (Array.isArray(live) && Array.isArray(inputs)) {
    return live.slice(0, inputs.length).map((element, index) => pruned(element, inputs[index]));
  }
  if (!isMap(live) || !isMap(inputs)) return live;
  const spoken = Object.entries(live).filter(([key]) => key in inputs);
  return Object.fromEntries(spoken.map(([key, value]) => [key, pruned(value, inputs[key])]));
}

/** `live` in the words of `inputs`, with what the inputs state although it means nothing (`annotations: {}`). */
export function liveInputs(live: Properties, inputs: Properties): Properties {
  const words = pruned(withStringData(live, inputs), inputs);
  return withEmpties(words, inputs) as Properties;
}

/** Inputs as they are compared: a Secret's `stringData` becomes `data`, which is all that the API server keeps. */
export function comparable(object: Properties): Properties {
  const { stringData, ...rest } = object;
  if (object.kind !== "Secret" || !isMap(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, text]) => [key, base64(String(text))]);
  return { ...rest, data: { ...object.data, ...Object.fromEntries(encoded) } };
}

/** What the state keeps of a live object. Who set which field, and what kubectl noted, is left out. */
export function kept(live: Properties): Properties {
  const { managedFields, ...metadata } = live.metadata;
  return { ...live, metadata };
}

function withStringData(live: Properties, inputs: Properties): Properties {
  if (inputs.kind !== "Secret" || !isMap(inputs.stringData)) return live;
  const stated = Object.keys(inputs.stringData).filter((key) => live.data?.[key] !== undefined);
  const text = stated.map((key) => [key, Buffer.from(String(live.data[key]), "base64").toString()]);
  return { ...live, stringData: Object.fromEntries(text) };
}

function withEmpties(live: unknown, inputs: unknown): unknown {
  if (live === undefined && isEmpty(inputs)) return inputs;
  if (Array.isArray(live) && Array.isArray(inputs)) {
    return live.map((element, index) => withEmpties(element, inputs[index]));
  }
  if (!isMap(live) || !isMap(inputs)) return live;
  const added = Object.entries(inputs).filter(([key, value]) => !(key in live) && isEmpty(value));
  const members = Object.entries(live).map(([key, value]) => [key, withEmpties(value, inputs[key])] as const);
  return Object.fromEntries([...members, ...added]);
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}
