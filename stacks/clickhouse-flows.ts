import { CLICKHOUSE_PORTS, type Flow, KEEPER_PORTS } from "../components";
import { pods } from "./flow-peers";

/** Who talks to whom around the ClickHouse and Keeper installations of this name. */
export function clickhouseFlows(installation: string): Flow[] {
  const servers = pods("data", { "clickhouse.altinity.com/chi": installation });
  const keepers = pods("data", { "clickhouse-keeper.altinity.com/chk": installation });
  const operator = pods("data", { "app.kubernetes.io/name": "altinity-clickhouse-operator" });
  const { http, native, interserver } = CLICKHOUSE_PORTS;
  return [
    {
      name: "clickhouse-replicas",
      from: servers,
      to: servers,
      ports: [{ port: http }, { port: native }, { port: interserver }],
    },
    { name: "clickhouse-keeper", from: servers, to: keepers, ports: [{ port: KEEPER_PORTS.client }] },
    { name: "keeper-quorum", from: keepers, to: keepers, ports: [{ port: KEEPER_PORTS.raft }] },
    // It makes users and schemas on new replicas, and reads metrics.
    { name: "operator-clickhouse", from: operator, to: servers, ports: [{ port: http }, { port: native }] },
    { name: "operator-keeper", from: operator, to: keepers, ports: [{ port: KEEPER_PORTS.client }] },
    {
      name: "monitoring-clickhouse",
      from: pods("monitoring"),
      to: servers,
      ports: [{ port: CLICKHOUSE_PORTS.metrics }],
    },
    { name: "monitoring-keeper", from: pods("monitoring"), to: keepers, ports: [{ port: KEEPER_PORTS.metrics }] },
    {
      name: "monitoring-clickhouse-operator",
      from: pods("monitoring"),
      to: operator,
      ports: [{ port: 8888 }, { port: 9999 }],
    },
  ];
}
