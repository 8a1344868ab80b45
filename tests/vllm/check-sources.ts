import { unknownToSources } from "./vllm-sources";

// `node --require ts-node/register tests/vllm/check-sources.ts FOLDER`: FOLDER holds an unpacked wheel of vLLM. Run it when the pin
// of the image moves.
const [folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error("Name the folder of an unpacked vLLM wheel: `pip download vllm==<version> --no-deps`, then unzip it.");
  process.exit(2);
}
const unknown = unknownToSources(folder);
for (const line of unknown) console.log(line);
console.log(unknown.length === 0 ? "vLLM knows all that we say to it." : `${unknown.length} unknown to vLLM.`);
process.exit(unknown.length === 0 ? 0 : 1);
