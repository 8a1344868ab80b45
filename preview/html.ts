/** Text that is markup already, and so is not escaped again. */
export class Html {
  constructor(readonly text: string) {}
}

type Insertable = Html | string | number | undefined | false | readonly Insertable[];

/** Markup from a template: whatever is inserted is escaped, unless it is markup itself. */
export function html(strings: TemplateStringsArray, ...values: Insertable[]): Html {
  return new Html(strings.reduce((text, part, index) => `${text}${inserted(values[index - 1])}${part}`));
}

function inserted(value: Insertable): string {
  if (value === undefined || value === false) return "";
  if (value instanceof Html) return value.text;
  if (Array.isArray(value)) return value.map(inserted).join("");
  return escaped(String(value));
}

/** `text` as it must stand in markup and in attributes. */
export function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

/** `value` as JSON that can stand in a script element: nothing in it can end the element. */
export function scriptJson(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replaceAll("<", "\\u003c").replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029"),
  );
}
