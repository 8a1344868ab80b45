import { modelSettingsProblems } from "../../model-server";
import { rule } from "../rule";

/** The checks of the component itself, so that settings are refused before anything is made, all at once. */
const fits = rule(["llm", "nodePools"], modelSettingsProblems);

export const MODEL_RULES = [fits];
