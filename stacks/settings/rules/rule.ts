import type { Problem } from "../../../components/internal/problems";
import type { ParsedSections, SectionName } from "../settings";

/** What must hold between settings; judged wherever the sections that it reads are sound. */
export interface Rule {
  readonly needs: readonly SectionName[];
  readonly check: (settings: ParsedSections) => readonly Problem[];
}

/** A rule that reads the named sections and can read no others. */
export function rule<Name extends SectionName>(
  needs: readonly Name[],
  check: (settings: Pick<ParsedSections, Name>) => readonly Problem[],
): Rule {
  return { needs, check };
}

/** The problem, when it is one. */
export function when(wrong: boolean, problem: Problem): Problem[] {
  return wrong ? [problem] : [];
}
