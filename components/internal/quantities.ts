const BYTES: Readonly<Record<string, number>> = {
  "": 1,
  k: 1000,
  M: 1000 ** 2,
  G: 1000 ** 3,
  T: 1000 ** 4,
  Ki: 1024,
  Mi: 1024 ** 2,
  Gi: 1024 ** 3,
  Ti: 1024 ** 4,
};

/** A Kubernetes amount of memory or storage such as `8Gi` in MiB; NaN for what is none. */
export function mebibytes(quantity: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(quantity) ?? [];
  return (Number(amount) * (BYTES[unit] ?? Number.NaN)) / 1024 ** 2;
}

/** A Kubernetes amount of CPU such as `500m`, `2` or `0.5` in thousandths of a core; NaN for what is none. */
export function milliCpu(quantity: string): number {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)(m)?$/.exec(quantity) ?? [];
  return unit === "m" ? Number(amount) : Math.round(Number(amount) * 1000);
}
