/** A network as the settings have it, made or adopted. */
interface ZonedNetwork {
  readonly create?: { readonly zones: string[] };
  readonly existing?: { readonly zones: string[] };
}

/** The zones of the network, in its order. */
export function zonesOfNetwork(network: ZonedNetwork | undefined): string[] {
  return network?.create?.zones ?? network?.existing?.zones ?? [];
}

/** The zones of a pool: its own choice, else all of the network's. */
export function zonesOfPool(network: ZonedNetwork | undefined, { zones }: { readonly zones?: string[] }): string[] {
  return zones ?? zonesOfNetwork(network);
}
