import Module from "node:module";

/**
 * Packages that the SDK loads at its start and needs only to serialize functions, which a preview never does: a third of a
 * second. They are loaded when somebody first looks into them.
 */
const LAZY = new Set(["@npmcli/arborist"]);

type Load = (request: string, ...rest: unknown[]) => unknown;

const loader = Module as unknown as { _load: Load };
const load = loader._load;

loader._load = (request, ...rest) => {
  const real = () => load.call(Module, request, ...rest) as Record<string | symbol, unknown>;
  if (!LAZY.has(request)) return real();
  // Compiled imports copy a module's members at once unless it calls itself an ES module.
  return new Proxy({}, { get: (_target, key) => (key === "__esModule" ? true : real()[key]) });
};
