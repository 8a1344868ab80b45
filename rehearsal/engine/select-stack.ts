import { createRequire } from "node:module";
import { join } from "node:path";
import * as automation from "@pulumi/pulumi/automation";
import { openProject, runProgram } from "../../preview/project";
import { checkOut } from "../checkout";
import type { OperationRequest } from "./request";

/** The stack of a request, with its program and its configuration, in a backend and a home of the rehearsal's own. */
export async function selectStack(request: OperationRequest): Promise<automation.Stack> {
  const pulumiCommand = await automation.PulumiCommand.get({ root: request.pulumiRoot, skipVersionCheck: true });
  const options = { pulumiCommand, envVars: environmentOf(request), ...homeOf(request) };
  const stack = request.languageHost
    ? await checkedOut(request, options)
    : await inProcess(request, { ...options, workDir: request.workspace });
  await configure(stack, request);
  return stack;
}

/** The program runs in this process. */
function inProcess(request: OperationRequest, options: automation.LocalWorkspaceOptions): Promise<automation.Stack> {
  const { projectFolder, stack: stackName, mutations } = request;
  const project = openProject(projectFolder);
  const program = async () => {
    const load = createRequire(__filename);
    for (const mutation of mutations) load(mutation);
    return runProgram(project) as Record<string, unknown>;
  };
  return automation.LocalWorkspace.createOrSelectStack(
    { stackName, projectName: project.name, program },
    { ...options, projectSettings: { name: project.name, runtime: "nodejs", main: projectFolder } },
  );
}

/** The installed Pulumi runs the program of a checkout: it writes into the stack's file. */
function checkedOut(
  { projectFolder, workspace, stack: stackName }: OperationRequest,
  options: automation.LocalWorkspaceOptions,
): Promise<automation.Stack> {
  const workDir = join(workspace, "checkout");
  checkOut(projectFolder, workDir);
  return automation.LocalWorkspace.createOrSelectStack({ stackName, workDir }, options);
}

function environmentOf({ workspace, providerPorts, options }: OperationRequest): Record<string, string> {
  return {
    PULUMI_BACKEND_URL: `file://${workspace}`,
    PULUMI_CONFIG_PASSPHRASE: "rehearsal",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...(options.checkpoints ? {} : { PULUMI_EXPERIMENTAL: "true", PULUMI_SKIP_CHECKPOINTS: "true" }),
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DEBUG_PROVIDERS: Object.entries(providerPorts)
      .map(([name, port]) => `${name}:${port}`)
      .join(","),
  };
}

/** Where plugins are: the user's own home holds the installed ones; without them nothing of it is touched. */
function homeOf({ workspace, installedPlugins }: OperationRequest): { pulumiHome?: string } {
  return installedPlugins ? {} : { pulumiHome: join(workspace, "home") };
}

/** Writes the stack's configuration; keys of an earlier run that are gone now go here too. */
async function configure(stack: automation.Stack, { config, secretConfig }: OperationRequest): Promise<void> {
  const settings = await stack.workspace.stackSettings(stack.name);
  const plain = Object.entries(config).filter(([key]) => !secretConfig.includes(key));
  await stack.workspace.saveStackSettings(stack.name, { ...settings, config: Object.fromEntries(plain) });
  const secrets = Object.entries(config).filter(([key]) => secretConfig.includes(key));
  if (secrets.length === 0) return;
  await stack.setAllConfig(Object.fromEntries(secrets.map(([key, value]) => [key, { value, secret: true }])));
}
