/** The server software. */
export const RedisEngine = { Valkey: "valkey", Redis: "redis" } as const;
export type RedisEngine = (typeof RedisEngine)[keyof typeof RedisEngine];

/** What happens to the token before when a new one comes. */
export const RedisTokenUpdate = {
  /** Both are accepted, so running clients go on; the one before the last ends. */
  Rotate: "ROTATE",
  /** Only the given one is accepted from now on. */
  Set: "SET",
} as const;
export type RedisTokenUpdate = (typeof RedisTokenUpdate)[keyof typeof RedisTokenUpdate];
