import { get } from "node:https";
import type { Credentials } from "./credentials";

/** Whether a server answers that all is well. Throws with its answer when it is not, or when nobody listens. */
export function isHealthy(url: string, { certificateAuthority, token }: Credentials): Promise<boolean> {
  const ca = Buffer.from(certificateAuthority, "base64");
  return new Promise((resolve, reject) => {
    const asked = get(url, { ca, headers: { authorization: `Bearer ${token}` } }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () => (response.statusCode === 200 ? resolve(true) : reject(new Error(text.trim()))));
    });
    asked.setTimeout(5000, () => asked.destroy(new Error(`${url} does not answer`)));
    asked.on("error", reject);
  });
}
