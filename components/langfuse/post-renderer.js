#!/usr/bin/env node
// @ts-check
/**
 * Helm post-renderer for the Langfuse charts: reads the rendered objects on standard input, sets on the two Deployments what
 * no value of the chart can set, writes everything to standard output. Helm passes a path and no arguments, so the parameters
 * travel as annotations of each Deployment. Every object that it does not own goes through byte by byte; anything it does
 * not expect is an error, since a silently unpatched pod would only show in an outage.
 */

const { createHash } = require("node:crypto");
const { readFileSync } = require("node:fs");
const { parseDocument } = require("yaml");

const PREFIX = "llm-platform/";
const DIGEST = "post-renderer-sha256";
const WORKLOADS = ["CronJob", "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "StatefulSet"];
const COMPONENTS = ["web", "worker"];
const INTEGER = /^[1-9][0-9]*$/;
const PATH = /^\/[a-z0-9/_-]+$/;
const NAME = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;

/** What each parameter must look like; the first four are required on both Deployments. @type {Record<string, RegExp>} */
const PARAMETERS = {
  [DIGEST]: /^[0-9a-f]{64}$/,
  "termination-grace-period-seconds": INTEGER,
  "startup-path": PATH,
  "startup-failure-threshold": INTEGER,
  "readiness-path": PATH,
  replicas: /^(drop|[1-9][0-9]*)$/,
  "priority-class-name": NAME,
};
const REQUIRED = [DIGEST, "termination-grace-period-seconds", "startup-path", "startup-failure-threshold"];

/** @param {string} message @returns {never} */
function refuse(message) {
  throw new Error(message);
}

/** Splits a YAML stream at its document markers and keeps every byte. @param {string} stream @returns {string[]} */
function split(stream) {
  return stream.split(/^(?=---(?:\s|$))/m);
}

/** @param {string} where @param {Record<string, unknown>} annotations @returns {Record<string, string>} */
function parametersOf(where, annotations) {
  /** @type {Record<string, string>} */
  const found = {};
  for (const [key, value] of Object.entries(annotations)) {
    if (!key.startsWith(PREFIX)) continue;
    const name = key.slice(PREFIX.length);
    const form = PARAMETERS[name];
    if (form === undefined) refuse(`${where}: unknown parameter ${key}`);
    if (typeof value !== "string" || !form.test(value))
      refuse(`${where}: ${key} has the unusable value ${JSON.stringify(value)}`);
    found[name] = value;
  }
  for (const name of REQUIRED) {
    if (found[name] === undefined) refuse(`${where}: the annotation ${PREFIX}${name} is missing`);
  }
  const own = createHash("sha256").update(readFileSync(__filename)).digest("hex");
  if (found[DIGEST] !== own)
    refuse(`${where}: the program expects another version of this post-renderer (${found[DIGEST]}, this is ${own})`);
  return found;
}

/** @param {string} path */
function probe(path) {
  return { httpGet: { path, port: "http" }, periodSeconds: 5, timeoutSeconds: 5 };
}

/** Patches one Deployment in place. @param {import("yaml").Document} document @param {any} object @param {string} component */
function patch(document, object, component) {
  const where = `Deployment ${object.metadata?.name}`;
  const parameters = parametersOf(where, object.metadata?.annotations ?? {});
  const pod = ["spec", "template", "spec"];
  const containers = object.spec?.template?.spec?.containers ?? [];
  const index = containers.findIndex((/** @type {any} */ each) => each?.name === `langfuse-${component}`);
  if (index < 0) refuse(`${where}: has no container langfuse-${component}`);
  const container = containers[index];
  const at = [...pod, "containers", index];
  if (!container.ports?.some((/** @type {any} */ each) => each?.name === "http"))
    refuse(`${where}: has no port named http`);
  for (const field of ["terminationGracePeriodSeconds", "priorityClassName", "enableServiceLinks"]) {
    if (object.spec.template.spec[field] !== undefined) refuse(`${where}: the chart now sets ${field} itself`);
  }
  if (container.startupProbe !== undefined) refuse(`${where}: the chart now sets startupProbe itself`);

  // A Service that happens to be called `redis` would otherwise inject REDIS_PORT=tcp://… and stop the application.
  document.setIn([...pod, "enableServiceLinks"], false);
  document.setIn([...pod, "terminationGracePeriodSeconds"], Number(parameters["termination-grace-period-seconds"]));
  const startup = {
    ...probe(parameters["startup-path"] ?? ""),
    failureThreshold: Number(parameters["startup-failure-threshold"]),
  };
  document.setIn([...at, "startupProbe"], document.createNode(startup));
  if (parameters["readiness-path"] !== undefined) {
    if (container.readinessProbe !== undefined) refuse(`${where}: the chart now sets readinessProbe itself`);
    document.setIn(
      [...at, "readinessProbe"],
      document.createNode({ ...probe(parameters["readiness-path"]), failureThreshold: 3 }),
    );
  }
  if (parameters["priority-class-name"] !== undefined) {
    document.setIn([...pod, "priorityClassName"], parameters["priority-class-name"]);
  }
  if (parameters.replicas === "drop") document.deleteIn(["spec", "replicas"]);
  else if (parameters.replicas !== undefined) document.setIn(["spec", "replicas"], Number(parameters.replicas));
}

/** @param {string} stream the rendered objects @returns {string} the same with both Deployments patched */
function postRender(stream) {
  /** @type {Set<string>} */
  const seen = new Set();
  const result = split(stream).map((text) => {
    const document = parseDocument(text);
    if (document.errors.length > 0) refuse(`the chart rendered invalid YAML: ${document.errors[0]?.message}`);
    const object = /** @type {any} */ (document.toJS());
    if (object === null || object === undefined) return text;
    if (typeof object !== "object" || Array.isArray(object) || typeof object.kind !== "string") {
      refuse(`the chart rendered a document that is no Kubernetes object: ${text.slice(0, 80).trim()}`);
    }
    if (!WORKLOADS.includes(object.kind)) return text;
    const component = object.metadata?.labels?.["app.kubernetes.io/component"];
    if (object.kind !== "Deployment" || !COMPONENTS.includes(component)) {
      refuse(`the chart rendered a workload that the platform does not know: ${object.kind} ${object.metadata?.name}`);
    }
    if (seen.has(component)) refuse(`the chart rendered two Deployments for ${component}`);
    seen.add(component);
    patch(document, object, component);
    return `${document.toString({ lineWidth: 0, directives: text.startsWith("---") }).trimEnd()}\n`;
  });
  for (const component of COMPONENTS) {
    if (!seen.has(component)) refuse(`the chart rendered no Deployment for ${component}`);
  }
  return result.join("");
}

try {
  process.stdout.write(postRender(readFileSync(0, "utf8")));
} catch (error) {
  process.stderr.write(`langfuse post-renderer: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
